/** A scanner that types like a keyboard, wherever the focus is: fast keys that end with Enter. */
import { onBeforeUnmount, onMounted } from 'vue'

const GAP_MS = 60
const SHORTEST = 3

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

/** Tell each code that is scanned. What is typed into a field is the field's, scanned or not. */
export function useScanner(scanned: (code: string) => void): void {
  let code = ''
  let last = 0

  function hear(event: KeyboardEvent): void {
    if (isField(event.target) || event.ctrlKey || event.altKey || event.metaKey) return void (code = '')
    const soon = event.timeStamp - last < GAP_MS
    last = event.timeStamp
    if (event.key.length === 1) code = (soon ? code : '') + event.key
    else if (event.key === 'Enter' && soon && code.length >= SHORTEST) {
      // The Enter is the scanner's: the button that happens to have the focus is not pressed.
      event.preventDefault()
      event.stopPropagation()
      scanned(code.trim())
      code = ''
    }
  }

  onMounted(() => addEventListener('keydown', hear, { capture: true }))
  onBeforeUnmount(() => removeEventListener('keydown', hear, { capture: true }))
}

let audio: AudioContext | null = null

/** Say by ear, and by a shake for a no, how a scan was taken. */
export function beep(good: boolean): void {
  if (!good) navigator.vibrate?.([80, 60, 80])
  try {
    audio ??= new AudioContext()
    const [tone, volume] = [audio.createOscillator(), audio.createGain()]
    tone.frequency.value = good ? 1320 : 220
    volume.gain.value = 0.08
    tone.connect(volume).connect(audio.destination)
    tone.start()
    tone.stop(audio.currentTime + (good ? 0.09 : 0.35))
  } catch {
    // A device without sound shows it all the same.
  }
}
