import Model

extension String {
  /// This text on one line and without characters that a terminal or a page would act upon: control characters, line
  /// breaks, and those that turn the direction of writing or can't be seen are written as `\u{…}`.
  var shownOnOneLine: String {
    guard unicodeScalars.contains(where: \.isUnshowable) else { return self }
    return unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\t": "\\t"
      case "\r": "\\r"
      default: scalar.isUnshowable ? "\\u{" + String(scalar.value, radix: 16) + "}" : String(scalar)
      }
    }.joined()
  }
}

extension Unicode.Scalar {
  /// Whether showing it would do something else than show a sign.
  fileprivate var isUnshowable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }
}

extension Duration {
  /// As people say it, to the second: `1h20m`, `0s`.
  var inWords: String {
    let seconds = components.seconds
    guard seconds > 0 else { return wholeMilliseconds > 0 ? "under 1s" : "0s" }
    return Duration.seconds(seconds).prometheus
  }
}
