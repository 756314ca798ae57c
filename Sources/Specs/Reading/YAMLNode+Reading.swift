import YAML

extension YAMLNode {
  /// Whether this is a scalar without quotes, and not a block.
  var isPlain: Bool { scalar?.style == .plain }
}

extension YAMLScalar {
  /// What a reader of YAML 1.1 would take instead of this text, in a sentence; `nil` where nothing is lost.
  var otherReading: String? {
    switch yaml11Reading {
    case .boolean(let value): String(value)
    case .octal: "an octal number"
    case .sexagesimal: "a number to the base 60"
    case .text: "a number"
    case .separatedNumber, .binary, .defaultValue, nil: nil
    }
  }
}
