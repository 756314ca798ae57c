import Hummingbird
import Model

/// A file that pages refer to: the texts stand in `Assets/` and, embedded by `scripts/embed-assets`, in the program.
struct DashboardAsset: Hashable, Sendable {
  let text: String
  let content: Content
  /// Over the text: what a URL carries that may be kept for ever, and the entity tag.
  let version: String

  private init(_ name: String, _ text: String) {
    self.text = text
    content = name.hasSuffix(".css") ? .css : name.hasSuffix(".svg") ? .svg : .script
    var hash = FNV1a()
    hash.combine(text)
    version = String(hash.value, radix: 36)
  }

  static let all: [String: DashboardAsset] = Dictionary(
    uniqueKeysWithValues: embeddedAssets.map { ($0.name, DashboardAsset($0.name, $0.text)) })

  /// From the root of the dashboard: `assets/style.css?v=…`.
  static func path(_ name: String) -> String {
    "assets/" + name + (all[name].map { "?v=" + $0.version } ?? "")
  }

  /// The answer to a request for it, which may have it already.
  func response(version asked: String?, ifNoneMatch: String?) -> Response {
    let tag = "\"" + version + "\""
    var response: Response
    if let ifNoneMatch, ifNoneMatch == tag || ifNoneMatch == "W/" + tag {
      response = Response(status: .notModified)
      response.headers[.contentLength] = nil
    } else {
      response = Response(content, text)
    }
    response.headers[.eTag] = tag
    // Modules import one another without a version, and ask each time whether it still is what they have.
    response.headers[.cacheControl] = asked == version ? "private, max-age=31536000, immutable" : "private, no-cache"
    return response
  }
}
