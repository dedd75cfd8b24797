// Loaded in a thread without a document, ELK answers messages by itself.
import 'elkjs/lib/elk-worker.min.js';
