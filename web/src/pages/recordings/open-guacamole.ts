import Guacamole, { type Display, type Source } from 'guacamole-common-js'
import { GuacamolePlayer } from './guacamole-player'

/** Plays Guacamole's instructions in an element. */
export function openGuacamole(element: HTMLElement, instructions: string): GuacamolePlayer {
  const source: Source = { oninstruction: null, onstatechange: null, disconnect: () => undefined }
  const recording = new Guacamole.SessionRecording(source)
  const sizes = show(recording.getDisplay(), element)
  feed(source, instructions)
  return new GuacamolePlayer({
    getDuration: () => recording.getDuration(),
    seek: (position, done) => {
      recording.seek(position, done)
    },
    close: () => {
      sizes.disconnect()
      recording.abort()
      recording.getDisplay().getElement().remove()
    },
  })
}

/** Puts a display into an element, as large as it can be there. */
function show(display: Display, element: HTMLElement): ResizeObserver {
  const view = display.getElement()
  view.style.margin = 'auto'
  element.append(view)
  const fit = () => {
    const [width, height] = [display.getWidth(), display.getHeight()]
    if (width && height) display.scale(Math.min(element.clientWidth / width, element.clientHeight / height))
  }
  display.onresize = fit
  const sizes = new ResizeObserver(fit)
  sizes.observe(element)
  return sizes
}

function feed(source: Source, instructions: string): void {
  const parser = new Guacamole.Parser()
  parser.oninstruction = (opcode, parameters) => source.oninstruction?.(opcode, parameters)
  parser.receive(instructions)
  source.onstatechange?.(Guacamole.Tunnel.State.CLOSED)
}
