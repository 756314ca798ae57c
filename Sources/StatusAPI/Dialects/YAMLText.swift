import JSON

/// Block YAML, written line by line.
struct YAMLText {
  private(set) var text = ""
  private var depth = 0

  mutating func comment(_ words: String) { line("# " + words) }

  mutating func line(_ content: String) {
    text += String(repeating: "  ", count: depth) + content + "\n"
  }

  mutating func nested(_ write: (inout YAMLText) -> Void) {
    depth += 1
    write(&self)
    depth -= 1
  }

  /// A key with a flow list; nothing for an empty one.
  mutating func list(_ key: String, _ values: [String]) {
    if !values.isEmpty { line(key + ": [" + values.joined(separator: ", ") + "]") }
  }

  /// The first key of a list's item, with a flow list, also an empty one.
  mutating func items(_ key: String, _ values: [String]) {
    line("- " + key + ": [" + values.joined(separator: ", ") + "]")
  }
}

extension String {
  /// This text as a double-quoted scalar: JSON's strings are YAML's.
  var inYAML: String {
    var writer = JSONWriter()
    writer.string(self)
    return writer.text
  }
}
