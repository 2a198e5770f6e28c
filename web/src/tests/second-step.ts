import type { Passkey } from '../api/passkeys'
import type { SecondStep, SetUp } from '../api/second-step'

export const off: SecondStep = {
  confirmed_at: null, recovery_codes: 0, is_required: false, proven_until: null, has_password: true,
}
export const proven = '2999-03-01T10:00:00Z'
export const codes = ['abcd-efgh-ijkl-mnop', 'qrst-uvwx-yz23-4567']
export const setUp: SetUp = {
  secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/Deskbay:ada?secret=JBSWY3DPEHPK3PXP', qr: 'data:image/svg+xml,%3Csvg/%3E',
}
export const laptop: Passkey = { id: 4, name: 'Laptop', created_at: '2026-03-01T10:00:00Z', last_used_at: null }

/** What a browser's device answers. */
class Answer {
  private readonly fields: object
  constructor(fields: object) {
    this.fields = fields
  }
  toJSON() {
    return this.fields
  }
  static parseCreationOptionsFromJSON(options: object) {
    return options
  }
  static parseRequestOptionsFromJSON(options: object) {
    return options
  }
}
export const signed = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response: {} }

/** A browser with passkeys whose device does as it is told. */
export function giveDevice(behaves: (asked: object) => Promise<object>) {
  const answer = async (asked: object) => new Answer(await behaves(asked))
  Object.defineProperty(window, 'PublicKeyCredential', { value: Answer, configurable: true })
  Object.defineProperty(navigator, 'credentials', { value: { create: answer, get: answer }, configurable: true })
}

export function takeDevice() {
  Reflect.deleteProperty(window, 'PublicKeyCredential')
  Reflect.deleteProperty(navigator, 'credentials')
}
