import JSON

extension OpenAPIDocument {
  /// The cookie of a browser.
  static var sessionOperation: APIOperation {
    APIOperation(
      path: "/session", id: "beginSession", tag: .process, summary: "A cookie in place of the header",
      description: """
        Begins a session for the token in `Authorization: Bearer …`; with `end` given, ends the one there is. Where \
        nobody is asked for a token, there is nothing to begin.
        """, parameters: [.query("end", .text, "Given: end the session.")], body: .nothing, refusals: [.notFound])
  }
}
