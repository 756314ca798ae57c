/// The signature algorithms that tokens may use (RFC 7518 §3.1, RFC 8037): all of them with a public key.
///
/// `none` and the HMAC family aren't there: a public key taken for a shared secret would verify whatever anybody signs.
enum JSONWebAlgorithm: String, Hashable, Sendable, CaseIterable {
  case rs256 = "RS256"
  case rs384 = "RS384"
  case rs512 = "RS512"
  case ps256 = "PS256"
  case ps384 = "PS384"
  case ps512 = "PS512"
  case es256 = "ES256"
  case es384 = "ES384"
  case es512 = "ES512"
  case edDSA = "EdDSA"

  /// Whether a key of this sort verifies it.
  func takes(_ material: JSONWebKey.Material) -> Bool {
    switch (self, material) {
    case (.rs256, .rsa), (.rs384, .rsa), (.rs512, .rsa), (.ps256, .rsa), (.ps384, .rsa), (.ps512, .rsa),
      (.es256, .elliptic(.p256, _, _)), (.es384, .elliptic(.p384, _, _)), (.es512, .elliptic(.p521, _, _)),
      (.edDSA, .edwards):
      true
    default: false
    }
  }
}
