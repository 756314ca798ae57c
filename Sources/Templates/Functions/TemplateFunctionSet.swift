/// Which functions, variables and fields a kind of template has.
package struct TemplateFunctionSet: Sendable {
  /// What the root object is.
  package enum Root: Hashable, Sendable {
    /// `.Labels`, `.Value`, `.ExternalLabels`, `.ExternalURL`.
    case rule
    /// Alertmanager's `Data`.
    case notification
  }

  package let root: Root
  private let functions: [String: TemplateFunction]
  /// The variables beside `$`, as those of rules: the first element is the variable's name, the second its field's.
  let variables: [(name: String, field: String)]

  /// Labels and annotations of rules, as in Prometheus.
  package static let rule = TemplateFunctionSet(
    root: .rule,
    [
      .toUpper, .toLower, .match, .reReplaceAll, .safeHtml, .humanizeDuration, .query, .first, .label, .value,
      .strvalue, .sortByLabel, .args, .humanize, .humanize1024, .humanizePercentage, .humanizeTimestamp, .toTime,
      .toDuration, .now, .parseDuration, .title, .stripPort, .stripDomain, .graphLink, .tableLink, .externalURL,
      .pathPrefix, .urlQueryEscape,
    ],
    variables: [
      ("$labels", "Labels"), ("$externalLabels", "ExternalLabels"), ("$externalURL", "ExternalURL"),
      ("$value", "Value"),
    ])

  /// Notifications, as in Alertmanager.
  package static let notification = TemplateFunctionSet(
    root: .notification,
    [
      .toUpper, .toLower, .match, .reReplaceAll, .safeHtml, .humanizeDuration, .trimSpace, .join, .safeUrl,
      .urlUnescape, .stringSlice, .list, .append, .dict, .toJson, .date, .tz, .since, .toDate, .mustToDate,
      .base64encode, .base64decode, .routeLabels, .titleCase, .timeNow,
    ], variables: [])

  private static let ofGo: [TemplateFunction] = [
    .and, .or, .not, .len, .index, .slice, .call, .print, .printf, .println, .html, .js, .urlquery, .eq, .ne, .lt, .le,
    .gt, .ge,
  ]

  private init(root: Root, _ functions: [TemplateFunction], variables: [(name: String, field: String)]) {
    self.root = root
    self.variables = variables
    self.functions = Dictionary(uniqueKeysWithValues: (Self.ofGo + functions).map { ($0.name, $0) })
  }

  /// The function of that name; `nil` when templates of this kind have none.
  package subscript(name: String) -> TemplateFunction? { functions[name] }

  /// The name nearest to a misspelt one; `nil` when none is near.
  func suggestion(for name: String) -> String? { nearest(to: name, among: functions.keys.sorted()) }
}

/// The text among `candidates` with the fewest changed letters, at most one in three of `text`'s; `nil` when none is near.
func nearest(to text: String, among candidates: [String]) -> String? {
  let letters = Array(text.lowercased().utf8.prefix(64))
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(letters, Array(candidate.lowercased().utf8))
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  guard let best, best.distance <= max(1, letters.count / 3) else { return nil }
  return best.name
}

/// How many letters must be put in, taken out or changed to make one text the other.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var row = Array(0...b.count)
  for (i, letter) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in b.enumerated() {
      let change = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(change, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}
