/// Asks for a token; a script exchanges it for a session and goes on to the page that was wanted.
struct LoginPage: PageContent {
  /// Where to go on; already checked to be a path of the dashboard.
  var next: String

  func title(_ language: Language) -> String { Phrase.signIn.filled(language) }

  func write(to writer: inout HTMLWriter) {
    writer.element("section", class: "card login") {
      $0.element("h1", .signIn)
      $0.element("p", .signInWords)
      $0.element("form", ["id": "login", "method": "get", "action": "login", "data-next": next]) {
        $0.element("label", ["for": "token"], .token)
        $0.void(
          "input",
          [
            "type": "password", "id": "token", "autocomplete": "current-password", "required": "", "autofocus": "",
            "spellcheck": "false", "aria-describedby": "login-error",
          ])
        $0.element("p", class: "note bad", ["id": "login-error", "role": "alert", "hidden": ""], "")
        $0.element("button", class: "button primary", ["type": "submit"], .signIn)
      }
      $0.markup("<noscript>")
      $0.element("p", class: "quiet", .signInNoScript)
      $0.markup("</noscript>")
    }
  }
}
