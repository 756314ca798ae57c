import Model

/// Writes each message as a block of text, for a first look on a laptop.
package struct ConsoleChannel: Channel {
  private let context: ChannelContext

  package init(context: ChannelContext) {
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let content = MessageContent(post, context.style)
    outlet.write(content.title + "\n" + content.text(in: PlainText.self))
    return Receipt(detail: "written")
  }
}
