/// A metric of this machine, named and labelled as node_exporter does.
struct HostSample: Hashable, Sendable {
  /// Without the prefix `node_`.
  var name: String
  /// Sorted by name.
  var labels: [(name: String, value: String)]
  var value: Double

  init(_ name: String, _ labels: [(name: String, value: String)] = [], _ value: Double) {
    self.name = name
    self.labels = labels
    self.value = value
  }

  static func == (left: Self, right: Self) -> Bool { left.text == right.text }

  func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// As a line of the text format.
  var text: String {
    var line = "node_" + name
    if !labels.isEmpty {
      line += "{" + labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
    }
    return line + " \(value)\n"
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x5c || $0 == 0x0a }) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

/// The lines of a file under `/proc`, each as its fields between blanks.
func hostFields(_ bytes: [UInt8]) -> [[String]] {
  bytes.split(separator: UInt8(ascii: "\n")).map { line in
    line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map { String(decoding: $0, as: UTF8.self) }
  }
}

/// The first field of a file that holds one number.
func hostNumber(_ bytes: [UInt8]) -> Double? {
  hostFields(bytes).first?.first.flatMap(Double.init)
}
