/// What templates may call: Go's own functions, those of Prometheus's rules and those of Alertmanager's notifications.
package enum TemplateFunction: String, Hashable, Sendable, CaseIterable {
  // Go's own.
  case and, or, not, len, index, slice, call
  case print, printf, println, html, js, urlquery
  case eq, ne, lt, le, gt, ge
  // Both kinds of templates.
  case toUpper, toLower, match, reReplaceAll, safeHtml, humanizeDuration
  // Rules.
  case query, first, label, value, strvalue, sortByLabel, args
  case humanize, humanize1024, humanizePercentage, humanizeTimestamp, toTime, toDuration, now, parseDuration
  case title, stripPort, stripDomain, graphLink, tableLink, externalURL, pathPrefix, urlQueryEscape
  // Notifications.
  case trimSpace, join, safeUrl, urlUnescape, stringSlice, list, append, dict, toJson
  case date, tz, since, toDate, mustToDate, base64encode, base64decode, routeLabels
  /// `title` of notifications, which also lowers the other letters.
  case titleCase
  /// `now` of notifications, a time.
  case timeNow

  /// The name by which templates call it.
  package var name: String {
    switch self {
    case .titleCase: "title"
    case .timeNow: "now"
    default: rawValue
    }
  }

  package var signature: TemplateSignature {
    switch self {
    case .and, .or, .index, .slice, .eq, .call: TemplateSignature(.any, rest: .any)
    case .not, .len: TemplateSignature(.any)
    case .ne, .lt, .le, .gt, .ge: TemplateSignature(.any, .any)
    case .print, .println, .html, .js, .urlquery, .args, .list, .dict: TemplateSignature(rest: .any)
    case .printf: TemplateSignature(.text, rest: .any)
    case .match, .toDate, .mustToDate: TemplateSignature(.text, .text)
    case .date, .tz: TemplateSignature(.text, .time)
    case .reReplaceAll: TemplateSignature(.text, .text, .text)
    case .first: TemplateSignature(.samples)
    case .label: TemplateSignature(.text, .sample)
    case .value, .strvalue: TemplateSignature(.sample)
    case .sortByLabel: TemplateSignature(.text, .samples)
    case .humanize, .humanize1024, .humanizeDuration, .humanizePercentage, .humanizeTimestamp, .toTime, .toDuration,
      .toJson:
      TemplateSignature(.any)
    case .now, .timeNow, .externalURL, .pathPrefix: TemplateSignature()
    case .join: TemplateSignature(.text, .texts)
    case .stringSlice: TemplateSignature(rest: .text)
    case .append: TemplateSignature(.list, rest: .any)
    case .since: TemplateSignature(.time)
    case .query, .toUpper, .toLower, .safeHtml, .parseDuration, .title, .stripPort, .stripDomain, .graphLink,
      .tableLink, .urlQueryEscape, .trimSpace, .safeUrl, .urlUnescape, .base64encode, .base64decode, .titleCase,
      .routeLabels:
      TemplateSignature(.text)
    }
  }
}
