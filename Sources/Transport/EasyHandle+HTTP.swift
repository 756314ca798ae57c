import CCurl
import Model

/// The part of a request that stays set on a handle.
struct RequestShape {
  /// How libcurl is told of method and body.
  enum Verb: Equatable {
    case get
    case head
    case other(String)
    case sending(String)
  }

  var url = ""
  var verb: Verb?
  var headers: [Label] = []
  /// Whether headers for a body are in the list.
  var listsBody = false
  var hasList = false
  var bodySize = 0
}

extension EasyHandle {
  func prepare(_ request: HTTPRequest) {
    if connectionOptions != request.options {
      setUp(for: request.options)
      setUpHTTP()
    }
    progress = Progress(
      responseLimit: request.responseLimit, cutsLongAnswers: request.cutsLongAnswers, egress: request.options.egress)
    if shape.url != request.url {
      shape.url = request.url
      set(CURLOPT_URL, request.url)
      // Over TLS a second request waits to hear whether the first one's connection can carry both.
      set(CURLOPT_PIPEWAIT, request.url.utf8.dropFirst(4).first.map { $0 | 0x20 } == UInt8(ascii: "s") ? 1 : 0)
    }
    setVerb(of: request)
    setHeaders(of: request)
  }

  private func setUpHTTP() {
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
    set(CURLOPT_USERAGENT, userAgent)
    set(CURLOPT_ACCEPT_ENCODING, "gzip")
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    set(CURLOPT_PATH_AS_IS, 1)
  }

  private func setVerb(of request: HTTPRequest) {
    let verb = RequestShape.Verb(of: request)
    if verb != shape.verb {
      set(CURLOPT_NOBODY, 0)
      switch verb {
      case .get:
        set(CURLOPT_CUSTOMREQUEST, nil)
        set(CURLOPT_HTTPGET, 1)
      case .head:
        set(CURLOPT_CUSTOMREQUEST, nil)
        set(CURLOPT_NOBODY, 1)
      case .other(let method):
        set(CURLOPT_HTTPGET, 1)
        set(CURLOPT_CUSTOMREQUEST, method)
      case .sending(let method):
        set(CURLOPT_POST, 1)
        set(CURLOPT_CUSTOMREQUEST, method == "POST" ? nil : method)
      }
      shape.verb = verb
    }
    guard case .sending = verb else { return }
    _ = request.body.withUnsafeBytes { ccurl_set_body(easy, $0.baseAddress, $0.count) }
    shape.bodySize = request.body.count
  }

  private func setHeaders(of request: HTTPRequest) {
    var sendsBody = false
    if case .sending? = shape.verb { sendsBody = true }
    if shape.hasList, shape.listsBody == sendsBody, shape.headers == request.headers { return }
    var lines = request.headers.map { header in
      // libcurl takes 'Name:' for "leave this header out" and 'Name;' for "send it empty".
      header.value.allSatisfy { $0 == " " || $0 == "\t" } ? "\(header.name);" : "\(header.name): \(header.value)"
    }
    if sendsBody {
      lines.append("Expect:")
      let namesType = request.headers.contains { $0.name.lowercased() == "content-type" }
      if !namesType { lines.append("Content-Type:") }
    }
    let old = lists
    lists = []
    _ = ccurl_set_list(easy, CURLOPT_HTTPHEADER, makeList(lines))
    for list in old { curl_slist_free_all(list) }
    shape.headers = request.headers
    shape.listsBody = sendsBody
    shape.hasList = true
  }

  /// Keeps an idle handle from holding on to a body of size.
  func releaseLargeBody() {
    guard shape.bodySize > 64 << 10 else { return }
    _ = ccurl_set_body(easy, nil, 0)
    shape.bodySize = 0
  }
}

extension RequestShape.Verb {
  init(of request: HTTPRequest) {
    switch request.method {
    case let method where !request.body.isEmpty: self = .sending(method)
    case "GET": self = .get
    case "HEAD": self = .head
    case "POST", "PUT", "PATCH": self = .sending(request.method)
    case let method: self = .other(method)
    }
  }
}
