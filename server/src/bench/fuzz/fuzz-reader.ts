import { serveReadings } from '../../untrusted/serve-readings.js';

serveReadings({ fuzz: async () => (await import('./fuzz-readings.js')).fuzzReading });
