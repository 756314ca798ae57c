import Hummingbird

/// What a reader sees in place of a page that can't be shown.
struct ErrorPage: PageContent {
  var error: APIError

  func title(_ language: Language) -> String { String(error.status.code) }

  func write(to writer: inout HTMLWriter) {
    writer.element("section", class: "card") {
      $0.element("div", class: "empty") {
        $0.icon(.warning)
        $0.element("h1", error.status == .notFound ? .notHere : .notShown)
        $0.element("p") { $0.outside(error.message) }
        $0.element("p") { $0.link("", class: "button") { $0.say(.overview) } }
      }
    }
  }
}
