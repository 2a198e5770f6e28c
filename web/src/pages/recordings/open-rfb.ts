import RFB from '@novnc/novnc'
import type { Piece } from './fbs'
import type { RfbChannel } from './rfb-channel'
import { RfbPlayer } from './rfb-player'

/** Plays pieces of a VNC server's stream in an element. */
export function openRfb(element: HTMLElement, pieces: Piece[]): RfbPlayer {
  return new RfbPlayer(pieces, (channel: RfbChannel) => {
    // Nothing is heard of what it says. As one that is there to view only, it would lose its place at a copied text.
    const viewer = new RFB(element, channel)
    viewer.focusOnClick = false
    viewer.scaleViewport = true
    viewer.background = 'transparent'
    return {
      // Pictures are decoded aside; noVNC's own tests of playback wait for them so, too.
      settled: async () => {
        if (viewer._display.pending()) await viewer._display.flush()
      },
      disconnect: () => {
        viewer.disconnect()
      },
    }
  })
}
