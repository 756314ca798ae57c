import Crypto
import Model

/// The secrets that webhooks may be signed with, one a line; several while one is being replaced.
package struct WebhookSecrets: Sendable, CustomStringConvertible, CustomReflectable {
  /// What begins a signing token of Standard Webhooks; the rest is the key in base64.
  private static let signingPrefix = "whsec_"

  /// As they are typed into the forge.
  private let texts: [Secret]
  /// The keys of the signing tokens among them.
  private let signingKeys: [SymmetricKey]

  package var description: String { "\(texts.count) secrets" }
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// Reads the file of `--webhook-secret-file`: a secret a line; the last line may end in a line feed.
  package init(parsing bytes: [UInt8]) throws(WebhookSecretsError) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    guard lines.contains(where: { !$0.isEmpty }) else { throw .none }
    var texts: [Secret] = []
    var keys: [SymmetricKey] = []
    for (index, line) in lines.enumerated() {
      guard let first = line.first, let last = line.last else { throw .empty(line: index + 1) }
      guard ![first, last].contains(where: { $0 == 0x20 || $0 == 0x09 }) else { throw .spaces(line: index + 1) }
      guard let text = String(validating: line, as: UTF8.self) else { throw .notText(line: index + 1) }
      texts.append(Secret(text))
      guard text.hasPrefix(Self.signingPrefix) else { continue }
      guard let key = text.dropFirst(Self.signingPrefix.count).utf8.base64Decoded, !key.isEmpty else {
        throw .signingToken(line: index + 1)
      }
      keys.append(SymmetricKey(data: key))
    }
    self.texts = texts
    signingKeys = keys
  }

  var hasSigningKeys: Bool { !signingKeys.isEmpty }

  // Each is tried, whatever the ones before came to: the time taken doesn't tell which one fits.

  /// Whether `code` is the HMAC-SHA256 of `message` under one of the secrets.
  func sign(_ message: [UInt8], as code: [UInt8]) -> Bool {
    texts.reduce(false) { found, secret in
      let key = SymmetricKey(data: Array(secret.reveal().utf8))
      return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: key) || found
    }
  }

  /// Whether one of `codes` is the HMAC-SHA256 of `message` under one of the signing tokens' keys.
  func signByToken(_ message: [UInt8], asOneOf codes: [[UInt8]]) -> Bool {
    signingKeys.reduce(false) { found, key in
      codes.reduce(found) { found, code in
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: key) || found
      }
    }
  }

  /// Whether `token` is one of the secrets. Digests are compared, which are of one length and compared in constant time.
  func contain(_ token: String) -> Bool {
    let digest = SHA256.hash(data: Array(token.utf8))
    return texts.reduce(false) { found, secret in SHA256.hash(data: Array(secret.reveal().utf8)) == digest || found }
  }
}

/// What is wrong with the file of secrets; never their text.
package enum WebhookSecretsError: Error, Hashable, Sendable, CustomStringConvertible {
  case none
  case empty(line: Int)
  case spaces(line: Int)
  case notText(line: Int)
  case signingToken(line: Int)

  package var description: String {
    switch self {
    case .none: "it holds no secret; write one a line, such as `openssl rand -hex 32` prints"
    case .empty(let line): "line \(line) is empty, and anybody could sign with an empty secret; remove the line"
    case .spaces(let line): "line \(line) begins or ends in a space or tab; remove it"
    case .notText(let line): "line \(line) is not valid UTF-8; write the secret as it is typed into the forge"
    case .signingToken(let line):
      "line \(line) begins with whsec_, and what follows is not base64; copy the signing token whole"
    }
  }
}
