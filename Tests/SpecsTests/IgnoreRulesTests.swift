import Specs
import Testing

@Suite struct `A belfryignore file` {
  @Test(arguments: [
    ("*.test.yaml", "tenants/a/b/x.test.yaml", true),
    ("*.test.yaml", "tenants/a/b/x.yaml", false),
    ("/platform", "platform/a.yaml", true),
    ("/platform", "tenants/a/platform/a.yaml", false),
    ("platform/", "tenants/a/platform/x.yaml", true),
    ("a.yaml/", "tenants/a.yaml", false),
    ("tenants/*/drafts", "tenants/a/drafts/x.yaml", true),
    ("tenants/*/drafts", "tenants/a/b/drafts/x.yaml", false),
    ("**/drafts", "tenants/a/b/drafts/x.yaml", true),
    ("tenants/**/x.yaml", "tenants/x.yaml", true),
    ("tenants/**/x.yaml", "tenants/a/b/c/x.yaml", true),
    ("tenants/**", "tenants/a.yaml", true),
    ("tenants/**", "tenants", false),
    ("a?c.yaml", "abc.yaml", true),
    ("a?c.yaml", "ac.yaml", false),
    ("[a-c]x.yaml", "bx.yaml", true),
    ("[!a-c]x.yaml", "bx.yaml", false),
    ("[!a-c]x.yaml", "dx.yaml", true),
    ("[", "[", true),
    ("\\#a", "#a", true),
    ("# a", "# a", false),
    ("\\!a", "!a", true),
    ("a\\ ", "a ", true),
    ("a  ", "a", true),
    ("", "a", false),
    ("/", "a", false),
    ("*.yaml\n!keep.yaml", "tenants/keep.yaml", false),
    ("*.yaml\n!keep.yaml", "tenants/other.yaml", true),
    ("drafts/\n!drafts/keep.yaml", "drafts/keep.yaml", true),
    ("!keep.yaml\n*.yaml", "keep.yaml", true),
    ("*.yaml\r\n", "a.yaml", true),
    ("foo/**/bar/**/baz", "foo/bar/baz", true),
    ("foo/**/bar/**/baz", "foo/x/bar/y/z/baz", true),
    ("foo/**/bar/**/baz", "foo/bar/x/bar", false),
    ("*a*b*c*", "xaybzc", true),
    ("*a*b*c*", "xaybz", false),
  ])
  func `leaves out what git would`(rules: String, path: String, isIgnored: Bool) {
    #expect(IgnoreRules(parsing: rules).matches(path) == isIgnored)
  }

  @Test func `takes bounded time for patterns made to be slow`() {
    let rules = IgnoreRules(
      parsing: String(repeating: "*a", count: 200) + "b\n" + String(repeating: "**/a/", count: 100) + "b")
    #expect(!rules.matches(String(repeating: "a", count: 4000)))
    #expect(!rules.matches(String(repeating: "a/", count: 300) + "c"))
  }
}
