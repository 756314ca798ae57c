/// The functions that rule templates may call, by their names.
package enum TemplateFunction: String, Hashable, Sendable, CaseIterable {
  case humanize, humanize1024, humanizeDuration, humanizePercentage, humanizeTimestamp
  case printf, print, println, index
  case title, toUpper, toLower, reReplaceAll, match, stripPort, stripDomain, parseDuration, urlQueryEscape
  case graphLink, tableLink, externalURL, pathPrefix

  /// Functions that exist in rule templates and need the full language.
  static let ofTheFullLanguage: Set<String> = [
    "and", "or", "not", "len", "slice", "html", "js", "urlquery", "call", "eq", "ne", "lt", "le", "gt", "ge",
    "query", "first", "label", "value", "strvalue", "sortByLabel", "toTime", "toDuration", "now", "args", "safeHtml",
  ]

  /// The keywords of the full language.
  static let keywords: Set<String> = [
    "if", "else", "end", "with", "range", "define", "template", "block", "break", "continue",
  ]
}
