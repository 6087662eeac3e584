/** The device's camera, and who reads codes in its picture: the browser itself, or a reader that is fetched then. */
export interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
declare const BarcodeDetector: { new (): Detector; getSupportedFormats(): Promise<string[]> }

/** What goods bear: a browser that reads by itself, and not all of these, is not asked. */
const FORMATS = ['ean_13', 'ean_8', 'code_128', 'qr_code', 'data_matrix']

/** A browser may have the name and read nothing, where its system has no reader. */
async function readsByItself(): Promise<boolean> {
  if (!('BarcodeDetector' in self)) return false
  const known = await BarcodeDetector.getSupportedFormats().catch(() => [] as string[])
  return FORMATS.every((each) => known.includes(each))
}

export async function detector(): Promise<Detector> {
  if (await readsByItself()) return new BarcodeDetector()
  const { PictureReader } = await import('./pictureReader')
  return new PictureReader()
}

export const hasCamera = (): boolean => Boolean(navigator.mediaDevices)
/** A browser shows its camera to nobody whose words may have been changed on the way. */
export const isHidden = (): boolean => !isSecureContext

/** The camera that looks away from who holds the device, where there are two. */
export const look = (): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } })

const REFUSALS = {
  NotAllowedError: 'scan.refused',
  SecurityError: 'scan.refused',
  NotFoundError: 'scan.no_camera',
  OverconstrainedError: 'scan.no_camera',
  NotReadableError: 'scan.in_use',
  AbortError: 'scan.in_use'
} as const
type Named = keyof typeof REFUSALS

/** Why the camera shows nothing, in words: of the device, or of the reader that could not be fetched. */
export function refusalOf(error: unknown) {
  const name = error instanceof DOMException ? error.name : ''
  return name in REFUSALS ? REFUSALS[name as Named] : 'scan.no_reader'
}
