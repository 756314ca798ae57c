import Model
import Notifier
import Specs
import TestKit
import Templates
import Testing

@Suite struct `A channel's own templates` {
  private func content(_ style: MessageStyle, _ message: Message = twoAlerts) -> MessageContent {
    MessageContent(Post([message]), style)
  }

  @Test func `stand in place of the usual words`() {
    let made = content(
      style(
        title: "{{ .Status | toUpper }} {{ .GroupLabels.alertname }}\n",
        text: "{{ range .Alerts }}*{{ .Labels.instance }}*\n{{ end }}",
        html: "<b>{{ (index .Alerts 1).Annotations.summary }}</b>"))
    #expect(made.title == "FIRING HighCPU")
    #expect(made.body == "*a:9100*\n*b:9100*\n")
    #expect(made.html == "<b>CPU &amp; &lt;b&gt;memory&lt;/b&gt;</b>")
    #expect(made.trouble == nil)
    #expect(made.text(in: PlainText.self) == "*a:9100*\n*b:9100*\n")
  }

  @Test func `leave what they don't mention`() {
    let (plain, made) = (content(MessageStyle()), content(style(title: "x")))
    #expect(made.title == "x" && made.body == nil && made.html == nil)
    #expect(made.text(in: PlainText.self) == plain.text(in: PlainText.self))
  }

  @Test(arguments: [
    (
      "{{ template \"x\" . }}{{ define \"x\" }}{{ template \"x\" . }}{{ end }}", "exceeded maximum template depth (100)"
    ),
    ("{{ range 100000000 }}{{ end }}", "takes more than 1000000 steps"),
    ("{{ $x := \"x\" }}{{ range 40 }}{{ $x = print $x $x }}{{ end }}", "is longer than 1048576 bytes"),
    ("{{ range 100000 }}0123456789abcdef{{ end }}", "is longer than 1048576 bytes"),
    ("{{ .Alerts.Nope }}", "can't evaluate field Nope"),
    ("{{ len 1 }}", "len of type int"),
    ("{{ template \"nope\" . }}", "\"nope\" not defined"),
  ])
  func `that fail leave the usual text, and say so`(template: String, why: String) {
    let (plain, made) = (content(MessageStyle()), content(style(title: "t", text: template)))
    #expect(made.title == "t" && made.body == nil)
    #expect(made.trouble?.hasPrefix("template: text:1:") ?? false)
    #expect(made.trouble?.contains(why) ?? false)
    let text = made.text(in: PlainText.self)
    #expect(text.contains(why))
    #expect(text.hasSuffix(plain.text(in: PlainText.self)))
  }

  @Test func `that can't be read leave the usual text`() {
    let made = content(style(title: "{{ nope }}", text: "{{ if }}"))
    #expect(made.title == content(MessageStyle()).title && made.body == nil)
    #expect(made.trouble?.hasPrefix("'title' can't be read: ") ?? false)
  }

  @Test func `that give nothing leave the usual text`() {
    let made = content(style(title: " {{ .GroupLabels.nope }}", text: "{{ with .GroupLabels.nope }}x{{ end }}\n"))
    #expect(made.title == content(MessageStyle()).title && made.body == nil && made.trouble == nil)
  }

  @Test func `say that a try is one`() {
    let post = Post([twoAlerts], isTest: true)
    #expect(MessageContent(post, style(title: "{{ .Status }}")).title == "[TEST] firing")
  }

  @Test func `are not for digests, which tell of several groups`() {
    let post = Post([twoAlerts, message([highCPU])])
    let made = MessageContent(post, style(title: "x", text: "y"))
    #expect(made.title == MessageContent(post, MessageStyle()).title && made.body == nil)
  }

  @Test func `give titles of one line`() {
    #expect(content(style(title: "a\nb\r\nc\u{1}d")).title.unicodeScalars.allSatisfy { $0.value >= 0x20 })
  }

  @Test func `let no label of a hostile alert be markup in a mail`() throws {
    var post = message([hostile])
    post.alerts[0].generatorURL = "javascript:alert(1)"
    let page = try #require(content(style(html: "{{ template \"email.default.html\" . }}"), post).html)
    #expect(!page.contains("</script>"))
    #expect(page.contains("&lt;/script&gt;&amp;&#34;"))
    #expect(page.contains("<a href=\"#unsafe\">Source</a>"))
    #expect(goldenDifference(page, "template-email-hostile.html") == nil)
  }
}

@Suite struct `Template documents` {
  private func template(_ text: String, in scope: Scope, name: String = "t") -> Resource {
    resource(ResourceID(scope, .template, name), .template(TemplateSpec(text: text)))
  }

  private func channel(_ id: ResourceID, text: String) -> Resource {
    var spec = ChannelSpec(destination: .console)
    spec.template.text = text
    return resource(id, .channel(spec))
  }

  private func body(_ configuration: NotifierConfiguration, _ id: ResourceID) -> String? {
    let content = MessageContent(Post([twoAlerts]), configuration.style(of: id))
    return content.body ?? content.trouble
  }

  private let project = ResourceID(checkout, .channel, "team")
  private let platform = ResourceID(.platform, .channel, "noc")

  @Test func `are called from their scope and below it, the nearest counting`() {
    var configuration = NotifierConfiguration()
    let call = "{{ template \"line\" . }}"
    let effects = configuration.apply(
      NotifierChange(set: [
        channel(oncall, text: call), channel(project, text: call), channel(platform, text: call),
        template(
          "{{ define \"line\" }}platform {{ template \"who\" . }}{{ end }}{{ define \"who\" }}p{{ end }}", in: .platform
        ),
        template("{{ define \"who\" }}{{ .Status }}{{ end }}", in: shop),
        template("{{ define \"line\" }}own{{ end }}", in: checkout),
      ]), at: start)
    #expect(effects.channels == [oncall, project, platform])
    #expect(body(configuration, platform) == "platform p")
    #expect(body(configuration, oncall) == "platform firing")
    #expect(body(configuration, project) == "own")
  }

  @Test func `make the channels anew that see them`() {
    var configuration = NotifierConfiguration()
    let call = "{{ template \"line\" . }}"
    let other = ResourceID(.tenant("bank"), .channel, "ops")
    _ = configuration.apply(
      NotifierChange(set: [channel(oncall, text: call), channel(project, text: call), channel(other, text: call)]),
      at: start)
    var effects = configuration.apply(
      NotifierChange(set: [template("{{ define \"line\" }}1{{ end }}", in: shop)]), at: start)
    #expect(effects.channels == [oncall, project])
    #expect(body(configuration, oncall) == "1")
    #expect(body(configuration, project) == "1")
    #expect(body(configuration, other)?.contains("not defined") ?? false)
    effects = configuration.apply(
      NotifierChange(set: [template("{{ define \"line\" }}2{{ end }}", in: .platform)]), at: start)
    #expect(effects.channels == [oncall, project, other])
    #expect(body(configuration, oncall) == "1")
    #expect(body(configuration, other) == "2")
    effects = configuration.apply(NotifierChange(removed: [ResourceID(shop, .template, "t")]), at: start)
    #expect(effects.channels == [oncall, project])
    #expect(body(configuration, project) == "2")
  }

  @Test func `may take the place of a named default`() {
    var configuration = NotifierConfiguration()
    _ = configuration.apply(
      NotifierChange(set: [
        channel(oncall, text: "{{ template \"slack.default.title\" . }}"),
        template("{{ define \"__subject\" }}mine{{ end }}", in: shop),
      ]), at: start)
    #expect(body(configuration, oncall) == "mine")
  }

  @Test func `that can't be read define nothing`() {
    var configuration = NotifierConfiguration()
    _ = configuration.apply(
      NotifierChange(set: [
        channel(oncall, text: "{{ template \"x\" . }}"), template("{{ define \"x\" }}{{ nope }}{{ end }}", in: shop),
      ]), at: start)
    #expect(body(configuration, oncall)?.hasSuffix("template \"x\" not defined") ?? false)
  }
}
