/// git's own http-backend behind a small https server of `localhost`.
package enum GitWebScripts {
  /// A shell script that makes, in the folder `$1`, an authority, a certificate of `localhost` by it, and one by a
  /// stranger.
  package static let certificates = """
    cd "$1" || exit 1
    new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "$@" 2>/dev/null; }
    new -keyout ca.key -out ca.pem -subj '/CN=Authority of the tests'
    new -keyout other.key -out other.pem -subj '/CN=Another authority'
    new -keyout server.key -out server.pem -subj /CN=localhost -CA ca.pem -CAkey ca.key \
      -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:localhost,IP:127.0.0.1
    new -keyout stranger.key -out stranger.pem -subj /CN=localhost -CA other.pem -CAkey other.key \
      -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:localhost
    """

  /// A Python program: its arguments are the folder that is served, the folder of the certificates, and, for one that
  /// ends by a signal only, one more. It prints its ports, that of https first.
  package static let server = """
    import base64, http.server, os, socket, ssl, subprocess, sys, threading
    root, folder = sys.argv[1:3]
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'
        def log_message(self, *arguments): pass
        def answer(self, status, headers, body):
            self.send_response(status)
            for name, value in headers: self.send_header(name, value)
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def body(self):
            if self.headers.get('Transfer-Encoding') != 'chunked':
                return self.rfile.read(int(self.headers.get('Content-Length') or 0))
            data = b''
            while True:
                size = int(self.rfile.readline(), 16)
                data += self.rfile.read(size)
                self.rfile.readline()
                if size == 0: return data
        def serve(self):
            body = self.body()
            path, _, query = self.path.partition('?')
            if path.startswith('/forbidden/'): return self.answer(403, [], b'')
            if path.startswith('/moved/'):
                return self.answer(301, [('Location', self.path.replace('/moved/', '/', 1))], b'')
            if path.startswith('/elsewhere/'):
                place = 'https://127.0.0.1:%d' % self.server.server_port
                return self.answer(301, [('Location', place + self.path.replace('/elsewhere/', '/', 1))], b'')
            if path.startswith('/locked/'):
                wanted = 'Basic ' + base64.b64encode(b'x-access-token:right').decode()
                if self.headers.get('Authorization') != wanted:
                    return self.answer(401, [('WWW-Authenticate', 'Basic realm="git"')], b'')
                path = path.replace('/locked/', '/', 1)
            environment = {'PATH': os.environ['PATH'], 'GIT_PROJECT_ROOT': root, 'GIT_HTTP_EXPORT_ALL': '1',
                'PATH_INFO': path, 'QUERY_STRING': query, 'REQUEST_METHOD': self.command, 'REMOTE_USER': 'ana',
                'CONTENT_TYPE': self.headers.get('Content-Type') or '', 'GIT_CONFIG_NOSYSTEM': '1',
                'HTTP_CONTENT_ENCODING': self.headers.get('Content-Encoding') or '', 'CONTENT_LENGTH': str(len(body))}
            out = subprocess.run(['git', '-c', 'safe.directory=*', 'http-backend'], input=body, env=environment,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
            head, _, payload = out.partition(b'\\r\\n\\r\\n')
            headers = [tuple(line.decode().split(': ', 1)) for line in head.split(b'\\r\\n')]
            status = int(dict(headers).get('Status', '200').split()[0])
            self.answer(status, [pair for pair in headers if pair[0] != 'Status'], payload)
        do_GET = do_POST = serve
    class Quiet(http.server.ThreadingHTTPServer):
        daemon_threads = True
        def handle_error(self, request, address): pass
        def finish_request(self, request, address):
            if self.context:
                request = self.context.wrap_socket(request, server_side=True)
            Handler(request, address, self)
            request.close()
    def start(name, modern=False):
        server = Quiet(('127.0.0.1', 0), Handler)
        server.context = None
        if name:
            server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.context.load_cert_chain(f'{folder}/{name}.pem', f'{folder}/{name}.key')
            if modern: server.context.minimum_version = ssl.TLSVersion.TLSv1_3
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_port
    silent = socket.create_server(('127.0.0.1', 0))
    ports = [start('server'), start('stranger'), start('server', True), start(None), silent.getsockname()[1]]
    print(*ports, flush=True)
    if len(sys.argv) > 3: threading.Event().wait()
    sys.stdin.read()
    os._exit(0)
    """
}
