package import Model

/// Why a secret can't be had.
package enum SecretError: Error, Hashable, Sendable {
  /// There is none of this name for this scope.
  case missing(name: String, scope: Scope)
  /// It is there and can't be read; the text says why.
  case unreadable(name: String, scope: Scope, String)
}

/// The port to secrets. They are asked for at each sending, so that a new one counts at once.
package protocol SecretResolver: Sendable {
  /// The secret `name` in the namespace of the scope's tenant, or of the platform.
  func secret(_ name: String, for scope: Scope) throws(SecretError) -> Secret

  /// A file that holds the secret, for what takes files only: certificates and keys.
  func file(_ name: String, for scope: Scope) throws(SecretError) -> String
}

extension DeliveryError {
  /// A secret may appear at any time, so its absence counts as being unreachable.
  init(_ error: SecretError) {
    switch error {
    case .missing(let name, let scope):
      self = .unreachable("secret '\(name)' isn't there for \(scope); the message is kept until it is, or too old")
    case .unreadable(let name, let scope, let text):
      self = .unreachable("secret '\(name)' of \(scope) can't be read: " + text)
    }
  }
}

extension Secret {
  /// Without the line break that an editor leaves at the end of a file.
  var text: String {
    var text = reveal()
    while let last = text.unicodeScalars.last, last == "\n" || last == "\r" { text.unicodeScalars.removeLast() }
    return text
  }
}

extension SecretResolver {
  func text(_ name: String, for scope: Scope) throws(DeliveryError) -> String {
    do { return try secret(name, for: scope).text } catch { throw DeliveryError(error) }
  }

  func path(_ name: String?, for scope: Scope) throws(DeliveryError) -> String? {
    guard let name else { return nil }
    do { return try file(name, for: scope) } catch { throw DeliveryError(error) }
  }
}
