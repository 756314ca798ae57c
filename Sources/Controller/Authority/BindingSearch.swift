/// Tells files apart that can't declare a `RoleBinding`, without parsing them.
enum BindingSearch {
  private static let kind = Array("RoleBinding".utf8)
  /// What stands behind a backslash where a double-quoted text could spell the kind otherwise: an escaped letter, or a
  /// broken line.
  private static let escapes = Array("xuU\n\r".utf8)

  /// Whether the text may declare one.
  static func mayDeclare(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { text in
      isAnywhere(kind[0], in: text) { rest in rest.count >= kind.count && rest.starts(with: kind) }
        || isAnywhere(UInt8(ascii: "\\"), in: text) { rest in rest.count > 1 && escapes.contains(rest[1]) }
    }
  }

  /// Whether `isMet` holds for the text from some place on where `byte` stands.
  private static func isAnywhere(
    _ byte: UInt8, in text: UnsafeRawBufferPointer, _ isMet: (UnsafeRawBufferPointer) -> Bool
  ) -> Bool {
    var rest = text[...]
    while let found = rest.firstIndex(of: byte) {
      if isMet(UnsafeRawBufferPointer(rebasing: text[found...])) { return true }
      rest = text[(found + 1)...]
    }
    return false
  }
}
