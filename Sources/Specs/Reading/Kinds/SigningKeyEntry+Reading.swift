import Diagnostics
import Model
import YAML

extension SigningKeyEntry {
  static let fieldNames = ["key", "valid_from", "valid_until", "revoked"]

  private static let names: FieldNames = {
    var names = FieldNames("a signing key", fieldNames)
    names.answers = [
      "valid-after": "write 'valid_from'", "valid-before": "write 'valid_until'", "valid_after": "write 'valid_from'",
      "valid_before": "write 'valid_until'", "expires": "write 'valid_until'",
      "namespaces": "only signatures for git count; remove it",
    ]
    return names
  }()

  /// A line of a public key file, or a mapping of such a line and its limits.
  fileprivate init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard node.entries != nil else {
      guard let key = reading.signingKey(node) else { return nil }
      self.init(key)
      return
    }
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let key = fields.required("key", &reading, fix: "add 'key: ssh-ed25519 AAAA…'").flatMap { reading.signingKey($0) }
    let from = fields["valid_from"].flatMap { reading.timestamp($0) }
    let until = fields["valid_until"].flatMap { reading.timestamp($0) }
    let isRevoked = fields["revoked"].flatMap { reading.boolean($0) } ?? false
    if let from, let until, until <= from {
      reading.error(
        .endBeforeStart, "the key's time ends before it starts", at: fields.place(of: "valid_until"),
        fix: "write an end after \(from)")
    }
    guard let key else { return nil }
    self.init(key, validFrom: from, validUntil: until, isRevoked: isRevoked)
  }
}

extension Reading {
  /// A list of keys, each once.
  mutating func signingKeys(_ node: YAMLNode) -> [SigningKeyEntry] {
    var entries: [SigningKeyEntry] = []
    var seen: Set<SigningKey> = []
    for item in items(node, "keys") {
      guard let entry = SigningKeyEntry(item, &self) else { continue }
      if seen.insert(entry.key).inserted {
        entries.append(entry)
      } else {
        error(
          .duplicateItem, "'\(Wording.short(entry.key.description))' is in the list twice", at: item.range,
          fix: "remove one")
      }
    }
    return entries
  }

  fileprivate mutating func signingKey(_ node: YAMLNode) -> SigningKey? {
    guard let text = word(node, "an SSH public key") else { return nil }
    let (key, problem) = SigningKeySyntax.read(text)
    if let problem {
      if problem.isError {
        error(problem.code, problem.message, at: node.range, fix: problem.fix)
      } else {
        warning(problem.code, problem.message, at: node.range, fix: problem.fix)
      }
    }
    return key
  }
}
