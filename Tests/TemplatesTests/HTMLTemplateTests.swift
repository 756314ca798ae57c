import Model
import Templates
import Testing

/// Values in a page of HTML. What Go's `html/template` makes of the same is checked against `amtool` beside the notifier.
@Suite struct `Templates of HTML` {
  private struct Root: TemplateObject {
    var fields: [(name: String, value: TemplateValue)]
    var typeName: String { "template.Data" }
  }

  private func render(_ template: String, _ value: String) throws -> String {
    var scene = TemplateScene(name: "html", root: .object(Root(fields: [("X", .string(value))])))
    scene.markup = .html
    guard case .text(let text) = try Template(parsing: template, functions: .notification).expand(scene) else {
      return "failed"
    }
    return text
  }

  private static let hostile = "<script>alert(1)</script>\"'><img src=x onerror=y> javascript:z"

  @Test(arguments: [
    ("<p>{{ .X }}</p>", "<b>a & \"b\" + 'c'</b>", "<p>&lt;b&gt;a &amp; &#34;b&#34; &#43; &#39;c&#39;&lt;/b&gt;</p>"),
    ("<p title=\"{{ .X }}\">", "a\" onclick=\"b", "<p title=\"a&#34; onclick=&#34;b\">"),
    ("<p title='{{ .X }}'>", "a' onclick='b", "<p title='a&#39; onclick=&#39;b'>"),
    ("<p title={{ .X }} id=x>", "a onclick=b`", "<p title=a&#32;onclick&#61;b&#96; id=x>"),
    ("<p title={{ .X }}>", "", "<p title=unsafe>"),
    (
      "<a href=\"{{ .X }}\">", "https://e.example/a b?c=\"d\"&e=f#g",
      "<a href=\"https://e.example/a%20b?c=%22d%22&amp;e=f#g\">"
    ),
    ("<a href=\"{{ .X }}\">", "javascript:alert(1)", "<a href=\"#unsafe\">"),
    ("<a href=\"{{ .X }}\">", "JavaScript:alert(1)", "<a href=\"#unsafe\">"),
    ("<a href=\"{{ .X }}\">", "java\tscript:alert(1)", "<a href=\"#unsafe\">"),
    ("<a href=\"{{ .X }}\">", " javascript:alert(1)", "<a href=\"#unsafe\">"),
    ("<a href=\"{{ .X }}\">", "data:text/html,x", "<a href=\"#unsafe\">"),
    ("<a href=\"{{ .X }}\">", "mailto:a@example.com", "<a href=\"mailto:a@example.com\">"),
    ("<a href=\"{{ .X }}\">", "/a:b", "<a href=\"/a:b\">"),
    ("<a HREF = '{{ .X }}'>", "javascript:alert('x')", "<a HREF = '#unsafe'>"),
    ("<a href=\"/x?q={{ .X }}\">", "a&b=c d", "<a href=\"/x?q=a%26b%3dc%20d\">"),
    ("<a href=\"/x?q={{ .X | urlquery }}\">", "a&b=c d", "<a href=\"/x?q=a%26b%3Dc&#43;d\">"),
    ("<a href=\"/x/{{ .X }}\">", "javascript:y", "<a href=\"/x/javascript:y\">"),
    ("<a href=\"{{ .X | safeUrl }}\">", "tel:123", "<a href=\"tel:123\">"),
    ("<p>{{ .X | safeHtml }}</p>", "<i>a</i>", "<p><i>a</i></p>"),
    ("<p>{{ .X | html }}</p>", "<i>a</i>", "<p>&lt;i&gt;a&lt;/i&gt;</p>"),
    ("<p>{{ .X | safeHtml | toUpper }}</p>", "<i>", "<p>&lt;I&gt;</p>"),
    ("<p style=\"color:{{ .X }}\">", "red", "<p style=\"color:red\">"),
    ("<p style=\"color:{{ .X }}\">", "red;background:url(x)", "<p style=\"color:unsafe\">"),
    ("<p onclick=\"f({{ .X }})\">", "');alert(1)//", "<p onclick=\"f(&#34;\\u0027);alert(1)\\u002f\\u002f&#34;)\">"),
    (
      "<script>var x = {{ .X }};</script>{{ .X }}", "</script>",
      "<script>var x = \"\\u003c\\u002fscript\\u003e\";</script>&lt;/script&gt;"
    ),
    ("<style>p { color: {{ .X }} }</style>", "</style><script>", "<style>p { color: unsafe }</style>"),
    ("<title>{{ .X }}</title>{{ .X }}", "</title>", "<title>&lt;/title&gt;</title>&lt;/title&gt;"),
    ("<!-- {{ .X }} --><p>{{ .X }}", "-->", "<!--  --><p>--&gt;"),
    ("<{{ .X }}>", "script src=//e.example", "<unsafe>"),
    ("<p {{ .X }}>", "onclick=x", "<p unsafe>"),
    ("<p {{ .X }}=\"a\">", "onclick", "<p unsafe=\"a\">"),
    (
      "<p data-x=\"{{ .X }}\" data-href=\"{{ .X }}\">", "javascript:x",
      "<p data-x=\"javascript:x\" data-href=\"#unsafe\">"
    ),
    (
      "{{ define \"a\" }}<b>{{ . }}</b>{{ end }}<i title=\"{{ template \"b\" .X }}\">{{ template \"a\" .X }}{{ define \"b\" }}{{ . }}{{ end }}",
      "\"<", "<i title=\"&#34;&lt;\"><b>&#34;&lt;</b>"
    ),
    ("1 < 2 {{ .X }}", "<b>", "1 < 2 &lt;b&gt;"),
    ("{{ .Nope }}", "", "failed"),
  ])
  func `escape values by where they stand`(template: String, value: String, text: String) throws {
    #expect(try render(template, value) == text)
  }

  @Test(arguments: [
    "<p>{{ .X }}</p>", "<p title=\"{{ .X }}\">x</p>", "<p title='{{ .X }}'>x</p>", "<p title={{ .X }}>x</p>",
    "<a href=\"{{ .X }}\">x</a>", "<a href={{ .X }}>x</a>", "<p style=\"{{ .X }}\">x</p>",
    "<p {{ .X }}>x</p>", "<textarea>{{ .X }}</textarea>", "<p onclick='{{ .X }}'>x</p>",
  ])
  func `let no value begin an element, wherever it stands`(template: String) throws {
    let page = try render(template, Self.hostile)
    #expect(!page.contains("<script"))
    #expect(!page.contains("<img"))
    #expect(page.utf8.count(where: { $0 == UInt8(ascii: "<") }) == 2)
    #expect(!page.contains("href=\"javascript") && !page.contains("href=javascript"))
  }
}
