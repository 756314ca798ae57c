import JSON
import Model

/// A list of the API, from one page or several.
struct APIList {
  private(set) var document = JSONValue.object([])
  private(set) var items: [JSONValue] = []
  private var pages = 0

  mutating func add(_ page: JSONValue) {
    pages += 1
    items += page["items"]?.array ?? []
    document = page
  }

  /// Whether there is more than was asked for.
  var goesOn: Bool { document["next"]?.string != nil }

  /// The document as the API gave it, with the elements of all pages.
  var json: JSONValue {
    guard pages > 1 else { return document }
    return .object(
      (document.members ?? []).map { $0.name == "items" ? JSONValue.Member("items", .array(items)) : $0 })
  }

  /// Prints the document, or the text made of the elements; says where there is more.
  func show(_ format: ClientOptions.Format, _ text: ([JSONValue], Screen) -> String) {
    switch format {
    case .json: Console.bytes(json.bytes(pretty: true) + [0x0a])
    case .text:
      Console.result(text(items, .ofOutput))
      if goesOn, Console.isWatched { Console.note("there are more than these \(items.count); see --limit") }
    }
  }
}

extension JSONValue {
  /// A member of a member, by names with dots.
  func deep(_ path: String) -> JSONValue? {
    var value: JSONValue? = self
    for name in path.split(separator: ".") { value = value?[String(name)] }
    guard let value, !value.isNull else { return nil }
    return value
  }

  /// The text there, or the number as text; `-` where there is none.
  func cell(_ path: String) -> String {
    guard let value = deep(path) else { return "-" }
    if let text = value.string { return text.isEmpty ? "-" : text }
    return value.text
  }

  /// An alert's labels as matchers, but those that columns show.
  var labelWords: String {
    (deep("labels")?.members ?? []).filter { !["alertname", "tenant", "project"].contains($0.name) }
      .map { $0.name + "=" + ($0.value.string ?? "").quotedAsGo }.joined(separator: " ")
  }
}
