extension String {
  /// Go's `strings.ToUpper`: scalar by scalar, where the mapping is one scalar.
  var uppercasedAsGo: String {
    mapped { $0.properties.uppercaseMapping }
  }

  /// Go's `strings.ToLower`: scalar by scalar, where the mapping is one scalar.
  var lowercasedAsGo: String {
    mapped { $0.properties.lowercaseMapping }
  }

  /// Go's `strings.Title`: the first letter of each word in upper case, the rest as it is.
  var titleAsGo: String {
    var title = String.UnicodeScalarView()
    var followsSeparator = true
    for scalar in unicodeScalars {
      title.append(followsSeparator ? scalar.single(scalar.properties.titlecaseMapping) : scalar)
      followsSeparator = scalar.separatesWords
    }
    return String(title)
  }

  private func mapped(_ mapping: (Unicode.Scalar) -> String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars { result.append(scalar.single(mapping(scalar))) }
    return String(result)
  }
}

extension Unicode.Scalar {
  /// The only scalar of `mapping`, or this one when there are several.
  fileprivate func single(_ mapping: String) -> Unicode.Scalar {
    let scalars = mapping.unicodeScalars
    guard let first = scalars.first, scalars.count == 1 else { return self }
    return first
  }

  /// Letters, digits and underscores join words; other ASCII and white space separate them.
  fileprivate var separatesWords: Bool {
    switch self {
    case "a"..."z", "A"..."Z", "0"..."9", "_": false
    case _ where value < 0x80: true
    default: properties.isWhitespace
    }
  }
}
