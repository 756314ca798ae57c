/// Why a request was not taken as a webhook; the texts are sent back and never hold a secret or a signature.
package enum WebhookRefusal: Error, Hashable, Sendable {
  case wrongPath(String)
  case wrongMethod(String)
  case tooLarge(limit: Int)
  case tooSlow
  case unknownProvider
  case repeatedHeader(String)
  /// The name of the header that is missing.
  case noSignature(WebhookProvider, header: String)
  case malformedSignature(header: String, accepted: String)
  case wrongSignature(WebhookProvider)
  case noSigningKey
  /// How far the stamp is off, in seconds.
  case stale(seconds: Int64)
  case form
  case wrongContentType(String)
  case malformedBody(String)

  /// The HTTP status that tells it.
  package var status: Int {
    switch self {
    case .wrongPath: 404
    case .wrongMethod: 405
    case .tooLarge: 413
    case .tooSlow: 408
    case .noSignature, .malformedSignature, .wrongSignature, .noSigningKey, .stale: 401
    case .form, .wrongContentType: 415
    case .unknownProvider, .repeatedHeader, .malformedBody: 400
    }
  }

  /// One word for programs, as the status API's errors have.
  package var code: String {
    switch self {
    case .wrongPath: "not-found"
    case .wrongMethod: "method-not-allowed"
    case .tooLarge: "body-too-large"
    case .tooSlow: "too-slow"
    case .noSignature, .malformedSignature, .wrongSignature, .noSigningKey, .stale: "unauthorised"
    case .form, .wrongContentType: "unsupported-content-type"
    case .unknownProvider, .repeatedHeader, .malformedBody: "bad-request"
    }
  }
}

extension WebhookRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .wrongPath(let path): "nothing is served under '\(path)'; webhooks go to /hook"
    case .wrongMethod(let method): "\(method) is not served; webhooks are sent by POST"
    case .tooLarge(let limit):
      "the body is larger than \(limit) bytes; such a push is found at the next poll"
    case .tooSlow: "the request didn't arrive in time"
    case .unknownProvider:
      "no header says which forge sent this; webhooks of GitHub, GitLab, Gitea, Forgejo, Gogs and Bitbucket are read"
    case .repeatedHeader(let name): "the header '\(name)' is there more than once"
    case .noSignature(.gitlab, let header):
      "the header '\(header)' is missing; set a secret token or a signing token in the webhook's settings"
    case .noSignature(_, let header):
      "the header '\(header)' is missing; set a secret in the webhook's settings, one that --webhook-secret-file has"
    case .malformedSignature(let header, let accepted): "the header '\(header)' is no signature; accepted: \(accepted)"
    case .wrongSignature(.gitlab): "neither token nor signature fits a line of --webhook-secret-file"
    case .wrongSignature:
      "the signature fits no line of --webhook-secret-file; the secret differs, or the body was changed on its way"
    case .noSigningKey:
      "the request is signed, and no line of --webhook-secret-file is a signing token, which begins with whsec_"
    case .stale(let seconds):
      "the webhook was signed \(seconds) s ago, and 300 s either way are accepted; compare the clocks"
    case .form:
      "the webhook is sent as a form; choose the content type application/json in the webhook's settings"
    case .wrongContentType(let type): "the content type is '\(type)'; application/json is read"
    case .malformedBody(let words): "the body is no push that can be read: \(words)"
    }
  }
}
