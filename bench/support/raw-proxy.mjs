/** The floor of the proxy bench: what comes in goes to the archive, what comes back goes out. */
import http from 'node:http';

const upstream = new URL(process.argv[2]);
const agent = new http.Agent({ keepAlive: true });

const server = http.createServer((request, response) => {
	const asked = http.request(
		{
			agent,
			host: upstream.hostname,
			port: upstream.port,
			path: request.url,
			method: request.method,
			headers: { accept: request.headers.accept ?? '*/*' }
		},
		(answer) => {
			response.writeHead(answer.statusCode, answer.headers);
			answer.pipe(response);
		}
	);
	asked.on('error', () => response.destroy());
	request.pipe(asked);
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
