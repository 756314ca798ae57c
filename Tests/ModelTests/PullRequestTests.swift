import Model
import Testing

@Suite("Pull requests in messages")
struct PullRequestTests {
  @Test(
    "Each forge's own words name the request",
    arguments: [
      ("Merge pull request #412 from acme/checkout\n\ncheckout: page after 10m", "#412"),
      ("Merge pull request 'Page after 10m (really)' (#7) from checkout into main", "#7"),
      ("checkout: page after 10m (#33)", "#33"),
      ("Merged in checkout (pull request #12)\n\npage after 10m", "#12"),
      ("Merge branch 'checkout' into 'main'\n\npage after 10m\n\nSee merge request acme/alerts!45", "!45"),
      ("Merge branch 'x' into 'main'\r\n\r\nSee merge request acme/deep/alerts!6\r\n", "!6"),
    ])
  func named(message: String, expected: String) {
    #expect(PullRequest(mergeMessage: message)?.description == expected)
  }

  @Test(
    "A mention is no merge",
    arguments: [
      "fix what #412 broke", "checkout (see #3 and others)", "revert (#)", "page after (10m)", "", "(#-4)", "x (#0)",
      "See merge request", "Merge pull request #",
    ])
  func mentions(message: String) {
    #expect(PullRequest(mergeMessage: message) == nil)
  }
}
