/// A secret that the imported specs name, and what its file must hold.
package struct NeededSecret: Hashable, Sendable {
  /// The name in the specs; they are the platform's.
  package var name: String
  /// What it is, in a sentence: `the password of 'smtp_auth_password'`.
  package var what: String
  /// The file and line that it comes from.
  package var place: String
  /// What the secret is; `nil` where another file holds it, or nobody knows.
  package var value: String?
  /// The file that holds it, where the configuration names one.
  package var file: String?
}

extension NeededSecret: CustomStringConvertible, CustomReflectable {
  package var description: String { name + " (" + what + ")" }
  package var customMirror: Mirror { Mirror(self, children: ["name": name, "what": what]) }
}

/// The secrets of an import: each value once, under a name of its own.
struct SecretBook {
  /// Where a secret comes from.
  enum Source: Hashable {
    case value(String)
    case file(String)
    /// A placeholder, which people have to fill.
    case missing(String)
  }

  private(set) var all: [NeededSecret] = []
  private var names = NameBook()
  private var known: [Key: String] = [:]

  private struct Key: Hashable {
    var source: Source
    var word: String
  }

  /// The name of a secret for `word` (`url`, `password`) of `owner`; the same source under the same word has one name.
  mutating func name(_ source: Source, _ word: String, of owner: String, what: String, place: String) -> String {
    let key = Key(source: source, word: word)
    if let name = known[key] { return name }
    let name = names.name(for: owner + "-" + word, else: word)
    known[key] = name
    var secret = NeededSecret(name: name, what: what, place: place)
    switch source {
    case .value(let value): secret.value = value
    case .file(let file): secret.file = file
    case .missing: break
    }
    all.append(secret)
    return name
  }
}
