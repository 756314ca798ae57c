import YAML

extension String {
  /// This text as a YAML scalar on one line that every reader, of YAML 1.1 too, takes for this text.
  var asYAML: String {
    if isPlainYAML { return self }
    if unicodeScalars.allSatisfy(\.isPrintable) {
      return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
    return "\"" + unicodeScalars.map(\.escapedForYAML).joined() + "\""
  }

  /// Whether it can stand without quotes: letters, digits and a few marks, and nothing that is a number or a word of
  /// YAML's.
  private var isPlainYAML: Bool {
    guard let first = utf8.first,
      first.isLetter || first.isDigit || first == UInt8(ascii: "/") || first == UInt8(ascii: "_")
    else { return false }
    let marks = Set("_-./@+".utf8)
    guard utf8.allSatisfy({ $0.isLetter || $0.isDigit || marks.contains($0) }) else {
      return false
    }
    let scalar = YAMLScalar(self, style: .plain)
    return scalar.tag == .string && scalar.yaml11Reading == nil && !Self.words.contains(lowercased())
  }

  private static let words: Set = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

  /// Whether a literal block can hold it: several lines, nothing that indentation or line ends would change.
  var canBeBlock: Bool {
    guard utf8.contains(UInt8(ascii: "\n")), !hasSuffix("\n\n"), let first = utf8.first,
      first != UInt8(ascii: " "), first != UInt8(ascii: "\n"), first != UInt8(ascii: "\t")
    else { return false }
    return unicodeScalars.allSatisfy { $0.isPrintable || $0 == "\n" || $0 == "\t" } && utf8.count > 1
  }

  /// On one line, and without characters that steer a terminal: for comments and Markdown.
  var onOneLine: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.isPrintable ? $0 : " " }))
  }

  /// For a cell of a Markdown table or between backquotes: on one line, no bar, no backquote, at most 200 characters.
  var inMarkdown: String {
    var text = ""
    for scalar in onOneLine.unicodeScalars {
      switch scalar {
      case "|", "`", "<", ">": text.unicodeScalars.append(scalar == "`" ? "'" : scalar == "|" ? "/" : scalar)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text.count > 200 ? text.prefix(200) + "…" : text
  }
}

extension UInt8 {
  var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

  /// Whether it is an ASCII letter.
  var isLetter: Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= self || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self
  }
}

extension Unicode.Scalar {
  /// Whether it can stand as itself on a line of YAML, and doesn't steer a terminal or the direction of writing.
  var isPrintable: Bool {
    switch value {
    case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0xfeff,
      0xfffe, 0xffff:
      false
    default: true
    }
  }

  fileprivate var escapedForYAML: String {
    switch self {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\r": return "\\r"
    case _ where isPrintable: return String(self)
    default:
      let digits = String(value, radix: 16)
      let width = value > 0xffff ? 8 : 4
      return (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.utf8.count) + digits
    }
  }
}
