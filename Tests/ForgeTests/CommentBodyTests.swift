import TestKit
import Testing

@testable import Forge

@Suite struct `The body of a comment` {
  let marker: CommentMarker

  init() throws {
    marker = try #require(CommentMarker("diff"))
  }

  private func fold(_ name: String, _ content: String) -> String {
    "<details>\n<summary>\(name)</summary>\n\n```diff\n\(content)\n```\n\n</details>\n"
  }

  @Test func `begins with its marker, once`() throws {
    #expect(try CommentBody("hello\n", marker: marker, limit: 100).text == "<!-- belfry:diff -->\nhello\n")
    let again = try CommentBody("<!-- belfry:diff -->\nhello\n", marker: marker, limit: 100)
    #expect(again.text == "<!-- belfry:diff -->\nhello\n")
  }

  @Test func `keeps totals and small folds, and empties the largest`() throws {
    let words = "### totals\n\n" + fold("shop", String(repeating: "x", count: 900)) + fold("bank", "y") + "tail\n"
    let body = try CommentBody(words, marker: marker, limit: 500)
    #expect(body.foldsLeftOut == 1)
    #expect(body.text.contains("<summary>shop</summary>\n\n_left out_\n\n</details>\n"))
    #expect(body.text.contains("```diff\ny\n```"))
    #expect(body.text.contains("tail\n"))
    #expect(body.text.contains("1 of 2 folds are left out"))
    #expect(body.text.unicodeScalars.count <= 500)
  }

  @Test func `tags within fences open and close nothing`() throws {
    let words = fold("shop", "+ </details>\n+ <details>\n``\n~~~" + String(repeating: "x", count: 900)) + "tail\n"
    let body = try CommentBody(words, marker: marker, limit: 400)
    #expect(!body.text.contains("```"))
    #expect(body.text.contains("</details>\ntail\n"))
  }

  @Test func `without folds, what is too long is refused with the remedy`() {
    let error = #expect(throws: CommentBody.TooLong.self) {
      try CommentBody(String(repeating: "x", count: 200), marker: marker, limit: 100)
    }
    #expect(error?.description.contains("--tenant") == true)
    #expect(error?.description.contains("100 are accepted") == true)
  }

  @Test(arguments: fuzzSeeds(200)) func `whatever it holds, it fits and its fences are closed`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let pieces = [
      "<details>\n", "</details>\n", "<summary>é</summary>\n", "```\n", "````diff\n", "~~~\n", "text 👩‍👩‍👧\n", "\r\n",
      String(repeating: "long ", count: 40) + "\n",
    ]
    let words = (0..<Int.random(in: 0...40, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
    let limit = Int.random(in: 60...2000, using: &random)
    guard let body = try? CommentBody(words.joined(), marker: marker, limit: limit) else { return }
    #expect(body.text.unicodeScalars.count <= limit)
    #expect(marker.marks(body.text))
    if body.foldsLeftOut == 0 {
      #expect(body.text == marker.text + "\n" + words.joined())
    }
  }

  @Test(arguments: ["", "a b", "a--b", "a>", "-->", "é", String(repeating: "a", count: 101)])
  func `a marker that would end its comment is refused`(key: String) {
    #expect(CommentMarker(key) == nil)
  }

  @Test func `a comment is ours by marker and author`() throws {
    let body = try CommentBody("new", marker: marker, limit: 1000)
    let old = marker.text + "\r\nold"
    let comments = [
      ForgeComment(id: 1, author: "mallory", body: old),
      ForgeComment(id: 2, author: "belfry", body: "> " + marker.text + "\nquoted"),
      ForgeComment(id: 3, author: "belfry", body: "<!-- belfry:diff2 -->\nother"),
      ForgeComment(id: 5, author: "Belfry", body: old), ForgeComment(id: 4, author: "belfry", body: old),
    ]
    let found = StickyComment(body, among: comments, author: "belfry")
    #expect(found.kept?.id == 4)
    #expect(found.surplus.map(\.id) == [5])
    #expect(found.needsUpdate)
    let same = [ForgeComment(id: 1, author: "belfry", body: marker.text + "\r\nnew\r\n")]
    #expect(!StickyComment(body, among: same, author: "belfry").needsUpdate)
    #expect(StickyComment(body, among: same, author: "").kept == nil)
  }
}
