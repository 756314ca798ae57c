package import Model

/// Why a JSON Web Token is not accepted. No text repeats any part of the token.
package enum TokenRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// Larger than this many bytes.
  case tooLarge(limit: Int)
  case notThreeParts
  /// `part` is `header`, `claims` or `signature`.
  case notBase64(part: String)
  case notAnObject(part: String)
  case repeatedName(part: String)
  case wrongType(part: String, name: String)
  case algorithm
  case critical
  case kind
  case unknownKey
  case namesNoKey
  /// The key that it names isn't of the kind that its algorithm needs.
  case keyDoesNotFit
  case signature
  case issuer(expected: String)
  case audience(expected: String)
  case noEnd
  case ended(Timestamp)
  case notYet(Timestamp)
  case issuedLater(Timestamp)
  case noUser(claim: String)

  package var description: String {
    switch self {
    case .tooLarge(let limit): "the token is larger than \(limit) bytes"
    case .notThreeParts: "the token is neither one that may read here nor a JSON Web Token of three parts"
    case .notBase64(let part): "the token's \(part) is not base64url"
    case .notAnObject(let part): "the token's \(part) is not a JSON object"
    case .repeatedName(let part): "the token's \(part) has a member twice"
    case .wrongType(let part, let name): "'\(name)' of the token's \(part) is not of the type that it must be"
    case .algorithm:
      "the token's algorithm is not accepted; accepted are "
        + JSONWebAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
    case .critical: "the token demands extensions ('crit') that are not understood"
    case .kind: "the token's 'typ' is neither JWT nor at+jwt; send an ID token or an access token"
    case .unknownKey: "the issuer has no key of the name that the token gives ('kid')"
    case .namesNoKey: "the token names no key ('kid'), and the issuer has several or none that fit"
    case .keyDoesNotFit: "the issuer's key does not fit the token's algorithm"
    case .signature: "the token's signature is not the issuer's"
    case .issuer(let expected): "the token is not of the issuer \(expected)"
    case .audience(let expected): "the token is not meant for the audience '\(expected)'"
    case .noEnd: "the token has no end ('exp'), which is required"
    case .ended(let end): "the token ended at \(end)"
    case .notYet(let start): "the token is not valid before \(start)"
    case .issuedLater(let instant): "the token says that it was issued at \(instant), which is still to come"
    case .noUser(let claim): "the token names no user: it has neither a text '\(claim)' nor a 'sub'"
    }
  }
}
