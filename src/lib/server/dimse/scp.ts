import { Writable } from 'node:stream';
import type { Socket } from 'node:net';
import type { ModalityActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { failureReasons } from '../arrival/failure-reasons.ts';
import { receiveObjects } from '../commands/receive-objects.ts';
import { inRequest } from '../request-context.ts';
import type { Services } from '../services.ts';
import { findModality, noteHeard, plainAddress } from './find-modality.ts';
import { dimse } from './library.ts';
import { answerContext } from './negotiate.ts';
import { part10File } from './part10-file.ts';

const { Scp, Dataset, constants, responses } = dimse;
const { PresentationContextResult, RejectReason, RejectResult, RejectSource, Status } = constants;
type CStoreRequest = InstanceType<typeof dimse.requests.CStoreRequest>;
type CStoreResponse = InstanceType<typeof dimse.responses.CStoreResponse>;
type CEchoRequest = InstanceType<typeof dimse.requests.CEchoRequest>;
type CEchoResponse = InstanceType<typeof dimse.responses.CEchoResponse>;
type Association = InstanceType<typeof dimse.association.Association>;
type PresentationContext = InstanceType<typeof dimse.association.PresentationContext>;
type DimseDataset = InstanceType<typeof dimse.Dataset>;

/** What we announce; a P-DATA PDU that claims more ends the connection. */
export const maxPduLength = 128 * 1024;
const maxObjectBytes = 1024 ** 3;

/** Collects the data set of one C-STORE. Nothing of it goes anywhere before it is complete. */
class ObjectBytes extends Writable {
	chunks: Buffer[] = [];
	size = 0;

	constructor() {
		// Never "full": the library would wait for a drain in one PDU while it reads the next.
		super({ highWaterMark: 2 ** 31 - 1 });
	}

	override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
		this.size += chunk.length;
		// Past the limit the bytes are counted and dropped; the answer says why.
		if (this.size <= maxObjectBytes) this.chunks.push(Buffer.from(chunk));
		else this.chunks = [];
		done();
	}
}

/** The bytes as they came, through the library's hands without being parsed there. */
class RawDataset extends Dataset {
	readonly bytes: ObjectBytes;
	readonly syntax: string;

	constructor(bytes: ObjectBytes, syntax: string) {
		super({}, syntax);
		this.bytes = bytes;
		this.syntax = syntax;
	}
}

/** The class of one connection: who calls, what they may send, and what becomes of it. */
export function createScp(services: Services) {
	return class ReadroomScp extends Scp {
		readonly #socket: Socket;
		readonly #address: string;
		#association: Association | null = null;
		#actor: ModalityActor | null = null;

		constructor(socket: Socket, options: ConstructorParameters<typeof Scp>[1]) {
			super(socket, options);
			this.#socket = socket;
			this.#address = plainAddress(socket.remoteAddress ?? '');
		}

		override associationRequested(association: Association): void {
			this.#association = association;
			const calling = association.getCallingAeTitle().trim();
			findModality(services, calling, this.#address)
				.then((actor) => {
					if (this.#socket.destroyed) return;
					if (!actor) {
						services.log.warn({ calling, address: this.#address }, 'unknown machine rejected');
						this.sendAssociationReject(
							RejectResult.Permanent,
							RejectSource.ServiceUser,
							RejectReason.CallingAeNotRecognized
						);
						this.#socket.end();
						return;
					}
					this.#actor = actor;
					for (const { context } of association.getPresentationContexts()) answer(context);
					this.sendAssociationAccept();
					noteHeard(services, actor).catch((error: unknown) =>
						services.log.warn({ err: error, machine: actor.aeTitle }, 'call not noted')
					);
				})
				.catch((error: unknown) => {
					services.log.error({ err: error }, 'association not judged');
					this.sendAssociationReject(
						RejectResult.Transient,
						RejectSource.ServiceProviderPresentation,
						RejectReason.TemporaryCongestion
					);
					this.#socket.end();
				});
		}

		override associationReleaseRequested(): void {
			this.sendAssociationReleaseResponse();
		}

		override abort(): void {
			// What had not come whole is in memory alone and goes with the connection.
			this.#socket.destroy();
		}

		override cEchoRequest(
			request: CEchoRequest,
			callback: (response: CEchoResponse) => void
		): void {
			const response = responses.CEchoResponse.fromRequest(request);
			response.setStatus(this.#actor ? Status.Success : Status.NotAuthorized);
			callback(response);
		}

		override createStoreWritableStream(): Writable {
			return new ObjectBytes();
		}

		override createDatasetFromStoreWritableStream(
			writable: Writable,
			context: PresentationContext,
			callback: (dataset: DimseDataset) => void
		): void {
			const syntax = context.getAcceptedTransferSyntaxUid() ?? '';
			callback(new RawDataset(writable as ObjectBytes, syntax));
		}

		override cStoreRequest(
			request: CStoreRequest,
			callback: (response: CStoreResponse) => void
		): void {
			const response = responses.CStoreResponse.fromRequest(request);
			this.#store(request).then(
				(status) => {
					response.setStatus(status);
					if (!this.#socket.destroyed) callback(response);
				},
				(error: unknown) => {
					const away = error instanceof DomainError && error.code === 'archive_unavailable';
					services.log.error({ err: error }, 'C-STORE failed');
					response.setStatus(away ? failureReasons.outOfResources : Status.ProcessingFailure);
					if (!this.#socket.destroyed) callback(response);
				}
			);
		}

		async #store(request: CStoreRequest): Promise<number> {
			const dataset = request.getDataset();
			// Judged again for each object: a machine that was disabled meanwhile sends no more (B4).
			const calling = this.#actor?.aeTitle ?? '';
			const actor = await findModality(services, calling, this.#address);
			if (!actor) return Status.NotAuthorized;
			if (!(dataset instanceof RawDataset)) return failureReasons.cannotUnderstand;
			const { bytes, syntax } = dataset;
			if (bytes.size > maxObjectBytes) return failureReasons.outOfResources;
			const file = part10File(
				{
					sopClass: request.getAffectedSopClassUid(),
					sopUid: request.getAffectedSopInstanceUid(),
					transferSyntax: syntax,
					source: actor.aeTitle
				},
				bytes.chunks
			);
			bytes.chunks = [];
			const context = {
				requestId: '',
				address: this.#address,
				device: `AE ${this.#association?.getCallingAeTitle().trim() ?? ''}`,
				origin: ''
			};
			const received = await inRequest(context, () =>
				receiveObjects(services, actor, { objects: [file], origin: 'dimse' })
			);
			const [outcome] = received.outcomes;
			if (!outcome) return Status.ProcessingFailure;
			if (outcome.status !== 'rejected') return Status.Success;
			services.log.warn(
				{ sopUid: outcome.sopUid, reason: outcome.reason, machine: actor.aeTitle },
				'object of a machine refused'
			);
			return outcome.failureReason;
		}
	};
}

function answer(context: PresentationContext): void {
	const judged = answerContext(context.getAbstractSyntaxUid(), context.getTransferSyntaxUids());
	if (judged.accept) {
		context.setResult(PresentationContextResult.Accept, judged.transferSyntax);
	} else {
		context.setResult(
			judged.because === 'abstract-syntax'
				? PresentationContextResult.RejectAbstractSyntaxNotSupported
				: PresentationContextResult.RejectTransferSyntaxesNotSupported
		);
	}
}
