/// Fields as lines of text, for one message between this process and its child.
///
/// A first line names the format, each field is `key=value` with `\`, line feed and carriage return escaped, and a
/// line `.` ends the message. Keys may repeat; their order stays.
struct WireText: Hashable, Sendable {
  private(set) var fields: [Field] = []

  /// One `key=value`.
  struct Field: Hashable, Sendable {
    var key: String
    var value: String
  }

  private static let header = "belfry-git 1"

  init() {}

  /// Reads ``bytes``; `nil` for anything else, or for a message that was cut short.
  init?(_ bytes: some Collection<UInt8>) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count >= 3, lines.first?.elementsEqual(Self.header.utf8) == true, lines.last?.isEmpty == true,
      lines[lines.count - 2].elementsEqual(".".utf8)
    else { return nil }
    for line in lines[1..<(lines.count - 2)] {
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")),
        let value = Self.unescaped(line[line.index(after: equals)...])
      else { return nil }
      fields.append(Field(key: String(decoding: line[..<equals], as: UTF8.self), value: value))
    }
  }

  /// The message.
  var bytes: [UInt8] {
    var text = Self.header + "\n"
    for field in fields { text += field.key + "=" + Self.escaped(field.value) + "\n" }
    return Array((text + ".\n").utf8)
  }

  /// Whether `bytes` end as a whole message does.
  static func isWhole(_ bytes: [UInt8]) -> Bool { bytes.suffix(3).elementsEqual("\n.\n".utf8) }

  /// The first value of a key; setting adds a field, or none for `nil`.
  subscript(key: String) -> String? {
    get { fields.first { $0.key == key }?.value }
    set { if let newValue { fields.append(Field(key: key, value: newValue)) } }
  }

  /// All values of a key.
  func all(_ key: String) -> [String] { fields.filter { $0.key == key }.map(\.value) }

  private static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private static func unescaped(_ value: some Collection<UInt8>) -> String? {
    var bytes: [UInt8] = []
    var iterator = value.makeIterator()
    while let byte = iterator.next() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      switch iterator.next() {
      case UInt8(ascii: "\\"): bytes.append(byte)
      case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
      default: return nil
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
