/** Reads codes in pictures with ZXing, for browsers that do not; it is a file of its own, fetched when a camera opens. */
import { BarcodeFormat, BinaryBitmap, DecodeHintType, HybridBinarizer, MultiFormatReader, RGBLuminanceSource } from '@zxing/library'
import type { Detector } from './camera'

const { EAN_13, EAN_8, CODE_128, QR_CODE, DATA_MATRIX } = BarcodeFormat
/** A finer picture takes longer and shows no code that a hand can hold still. */
const WIDEST = 960

export class PictureReader implements Detector {
  private readonly reader = new MultiFormatReader()
  private readonly sheet = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!

  constructor() {
    const formats = [EAN_13, EAN_8, CODE_128, QR_CODE, DATA_MATRIX]
    this.reader.setHints(new Map<DecodeHintType, unknown>([[DecodeHintType.POSSIBLE_FORMATS, formats], [DecodeHintType.TRY_HARDER, true]]))
  }

  /** Say what code is in the picture now. That there is none is said by an exception, which the caller takes as nothing. */
  async detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> {
    return [{ rawValue: this.reader.decodeWithState(this.picture(source)).getText() }]
  }

  private picture(source: HTMLVideoElement): BinaryBitmap {
    const scale = Math.min(1, WIDEST / source.videoWidth)
    const { canvas } = this.sheet
    canvas.width = Math.round(source.videoWidth * scale)
    canvas.height = Math.round(source.videoHeight * scale)
    this.sheet.drawImage(source, 0, 0, canvas.width, canvas.height)
    const pixels = this.sheet.getImageData(0, 0, canvas.width, canvas.height).data
    // One number a pixel; red and blue weigh the same, so that their order does not matter.
    return new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(new Int32Array(pixels.buffer), canvas.width, canvas.height)))
  }
}
