import CCurl
import Model

extension TransportError {
  /// What libcurl's `code` means to whoever sent the request. The classes are those of the fact sheet on channels:
  /// connection trouble may be tried again, a certificate or a URL may not.
  ///
  /// `detail` is libcurl's own text and `target` the host and port; neither holds a secret.
  init(_ code: CURLcode, detail: String, target: String, requestWasSent: Bool) {
    switch code {
    case CURLE_OPERATION_TIMEDOUT:
      self = .timedOut(requestWasSent: requestWasSent)
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_NOT_BUILT_IN:
      self = .unsendable(Self.sentence("'\(target)' can't be asked", detail))
    case CURLE_COULDNT_RESOLVE_HOST:
      self = .unreachable("no address is known for the host of '\(target)'")
    case CURLE_COULDNT_RESOLVE_PROXY:
      self = .unreachable("no address is known for the proxy to '\(target)'")
    case CURLE_COULDNT_CONNECT:
      self = .unreachable(Self.sentence("'\(target)' takes no connection", detail))
    case CURLE_USE_SSL_FAILED:
      self = .untrusted("'\(target)' offers no STARTTLS; use implicit TLS if the server has a port for it")
    case CURLE_SSL_CONNECT_ERROR where Self.isConnectionLoss(detail):
      self = .unreachable("'\(target)' closed the connection during the TLS handshake")
    case CURLE_SSL_CACERT_BADFILE:
      self = .untrusted(Self.sentence("the CA file for '\(target)' can't be read", detail))
    case CURLE_SSL_CERTPROBLEM:
      self = .untrusted(Self.sentence("the client certificate or key for '\(target)' can't be used", detail))
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      self = .untrusted(Self.sentence("the certificate of '\(target)' isn't trusted", detail))
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE:
      self = .untrusted(Self.sentence("no TLS handshake with '\(target)'", detail))
    case _ where requestWasSent:
      self = .brokenOff(Self.sentence("the connection to '\(target)' ended before its answer was whole", detail))
    default:
      self = .unreachable(Self.sentence("the connection to '\(target)' ended before the request was sent", detail))
    }
  }

  /// OpenSSL reports a connection that is gone as a failed handshake.
  private static func isConnectionLoss(_ detail: String) -> Bool {
    ["SSL_ERROR_SYSCALL", "onnection reset", "unexpected eof", "roken pipe"].contains { detail.contains($0) }
  }

  private static func sentence(_ fact: String, _ detail: String) -> String {
    let text = detail.split { $0.isNewline || $0 == "\0" }.joined(separator: " ")
    guard let first = text.first else { return fact }
    // 'SSL certificate problem' keeps its capitals, 'Connection refused' doesn't.
    let isWord = text.dropFirst().first?.isLowercase == true
    let lowered = isWord ? first.lowercased() + text.dropFirst() : text
    return "\(fact): \(lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered)"
  }
}
