import Model

extension [MetricFamily] {
  /// Prometheus's text format 0.0.4.
  var text: String {
    var text = ""
    for family in self { family.write(to: &text) }
    return text
  }
}

extension MetricFamily {
  fileprivate func write(to text: inout String) {
    text += "# HELP " + name + " "
    text.append(escaping: help, quotes: false)
    text += "\n# TYPE " + name + " " + kind.rawValue + "\n"
    for sample in samples {
      text += name
      text += sample.suffix
      if !sample.labels.isEmpty { text.append(sample.labels) }
      text += " "
      text += sampleText(sample.value)
      text += "\n"
    }
  }
}

extension String {
  fileprivate mutating func append(_ labels: [Label]) {
    var separator = "{"
    for label in labels {
      self += separator
      self += label.name
      self += "=\""
      append(escaping: label.value, quotes: true)
      self += "\""
      separator = ","
    }
    self += "}"
  }

  /// Appends `value` with backslash and line feed escaped, and the quote too where it stands in quotes.
  fileprivate mutating func append(escaping value: String, quotes: Bool) {
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": self += "\\\\"
      case "\n": self += "\\n"
      case "\"" where quotes: self += "\\\""
      default: unicodeScalars.append(scalar)
      }
    }
  }
}
