package import Model

extension Mirror {
  private static let applied = "refs/belfry/applied/"

  /// Notes the commits that were applied and authorised, by scope; other scopes keep theirs.
  ///
  /// `scope` is any text that names a scope. A ref keeps each commit and its history in the mirror, even after the
  /// remote's history was rewritten.
  package func setApplied(_ commits: [String: ObjectID]) throws(GitError) {
    for (scope, commit) in commits { try repository.setRef(Self.applied + refPart(scope), to: commit) }
  }

  /// The commit that was last applied for each scope.
  package func applied() throws(GitError) -> [String: ObjectID] {
    var found: [String: ObjectID] = [:]
    for (name, target) in try repository.refs(under: Self.applied) {
      if let scope = text(ofRefPart: name.dropFirst(Self.applied.count)) { found[scope] = target }
    }
    return found
  }

  /// Forgets the commit of a scope that is gone.
  package func removeApplied(_ scope: String) throws(GitError) {
    try repository.deleteRef(Self.applied + refPart(scope))
  }
}

/// `text` as one part of a ref: a `/` would make `shop` and `shop/checkout` exclude each other, and git forbids much.
func refPart(_ text: String) -> String {
  var part = ""
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      part.unicodeScalars.append(Unicode.Scalar(byte))
    default:
      let digits = String(byte, radix: 16, uppercase: true)
      part += byte < 16 ? "%0" + digits : "%" + digits
    }
  }
  return part
}

/// Reads ``refPart(_:)``; `nil` for what it never writes.
func text(ofRefPart part: Substring) -> String? {
  var bytes: [UInt8] = []
  var rest = part.utf8[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    guard rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) else { return nil }
    bytes.append(value)
    rest = rest.dropFirst(2)
  }
  return String(validating: bytes, as: UTF8.self)
}
