/// A language of the dashboard.
enum Language: String, CaseIterable, Hashable, Sendable {
  case english = "en"
  case chinese = "zh"

  /// As `lang` of the document says it.
  var tag: String { self == .chinese ? "zh-Hans" : "en" }

  /// The cookie that remembers a choice.
  static let cookie = "belfry_lang"

  /// The language of one request: what its query says, else what its cookie remembers, else what its reader prefers.
  init(query: String?, cookies: String?, acceptLanguage: String?) {
    self =
      query.flatMap(Language.init(rawValue:)) ?? cookies.flatMap(Self.remembered)
      ?? acceptLanguage.flatMap(Self.preferred) ?? .english
  }

  private static func remembered(in cookies: String) -> Language? {
    for pair in cookies.split(separator: ";") {
      let pair = pair.drop { $0 == " " }
      if pair.hasPrefix(cookie + "=") { return Language(rawValue: String(pair.dropFirst(cookie.count + 1))) }
    }
    return nil
  }

  /// The known language of the greatest weight in an `Accept-Language` header (RFC 9110 §12.5.4).
  private static func preferred(by header: String) -> Language? {
    var best: (language: Language, weight: Double)?
    for range in header.split(separator: ",").prefix(20) {
      let parts = range.split(separator: ";")
      guard let name = parts.first?.filter({ $0 != " " }).lowercased().split(separator: "-").first,
        let language = Language(rawValue: String(name))
      else { continue }
      let weight =
        parts.dropFirst().compactMap { part -> Double? in
          let part = part.filter { $0 != " " }
          return part.hasPrefix("q=") ? Double(part.dropFirst(2)) : nil
        }.first ?? 1
      if weight > 0, weight > best?.weight ?? 0 { best = (language, weight) }
    }
    return best?.language
  }
}
