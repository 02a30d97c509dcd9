// A program that listens by itself.
import http from 'node:http';

http
  .createServer((request, response) => {
    request.resume().on('end', () => response.end('own'));
  })
  .listen(8080);
