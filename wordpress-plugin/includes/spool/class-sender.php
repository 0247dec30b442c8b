<?php
/**
 * Sends the spool to the gateway.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Sends waiting rows in batches and records the result of each. It may run at any time, and several times at once.
 */
final class Sender {

	public const BATCH_ITEMS = 50;
	public const BATCH_BYTES = 3 * MB_IN_BYTES;

	/**
	 * The gateway's limit; a row may have several items.
	 */
	private const MAX_ITEMS = 100;

	/**
	 * No new request begins after this many seconds. With the time that the last request may take, a run lasts about
	 * twenty seconds, so hosts do not end it.
	 */
	private const TIME_BUDGET = 15;

	/**
	 * Statuses in the 400s that pass by themselves. All others mean: the gateway will never take this as it is.
	 */
	private const PASSING = array( 408, 425, 429 );

	/**
	 * Statuses of a whole request that mean: the gateway takes nothing from us until a person acts.
	 */
	private const SHUT_OUT = array( 401, 403, 404, 405, 407, 410 );

	/**
	 * After so many attempts, status 500 is seen as the row's error and no longer as the gateway's. So no row blocks the others for ever.
	 */
	private const MAX_ATTEMPTS = 5;

	private Settings $settings;

	private Spool $spool;

	private Gateway_Client $client;

	/**
	 * What the rows can carry.
	 *
	 * @var Payload[]
	 */
	private array $payloads;

	/**
	 * Says for people why a request failed, from the answer and the gateway's host name.
	 *
	 * @var callable
	 */
	private $explain;

	/**
	 * When this run ends.
	 */
	private int $end = 0;

	private int $delivered = 0;

	/**
	 * The sender.
	 *
	 * @param Settings       $settings The settings.
	 * @param Spool          $spool    The rows.
	 * @param Gateway_Client $client   The gateway.
	 * @param Payload[]      $payloads What the rows can carry.
	 * @param callable       $explain  Says for people why a request failed, from the answer and the gateway's host name.
	 */
	public function __construct( Settings $settings, Spool $spool, Gateway_Client $client, array $payloads, callable $explain ) {
		$this->settings = $settings;
		$this->spool    = $spool;
		$this->client   = $client;
		$this->payloads = $payloads;
		$this->explain  = $explain;
	}

	/**
	 * Sends what is due, oldest first.
	 *
	 * @param int|null $end Nothing new is asked after this time; null for the usual budget.
	 * @return int How many rows the gateway took.
	 */
	public function run( ?int $end = null ): int {
		$this->delivered = 0;
		$this->end       = $end ?? time() + self::TIME_BUDGET;
		$this->spool->take_back();
		$this->spool->purge( $this->settings->retention() );
		$connection = $this->settings->connection();
		if ( $connection instanceof Connection ) {
			Site_Address::bind_once();
			while ( time() < $this->end && $this->settings->may_send() ) {
				$rows = $this->spool->claim( self::BATCH_ITEMS, self::BATCH_BYTES );
				if ( array() === $rows || ! $this->send_all( $connection, $rows ) ) {
					break;
				}
			}
		}
		return $this->delivered;
	}

	/**
	 * Sends claimed rows, each kind in batches of its own.
	 *
	 * @return bool Whether it makes sense to go on.
	 */
	private function send_all( Connection $connection, array $rows ): bool {
		$go_on = true;
		foreach ( $this->payloads as $payload ) {
			foreach ( $this->batches( $payload, array_filter( $rows, array( $payload, 'carries' ) ) ) as $batch ) {
				if ( $go_on ) {
					$go_on = $this->send( $connection, $payload, $batch );
				} else {
					$this->spool->release( $batch );
				}
			}
		}
		return $go_on;
	}

	/**
	 * Looks up what the rows have to send, and groups them into batches that the gateway takes. Rows with nothing to send are done.
	 */
	private function batches( Payload $payload, array $rows ): array {
		$batches = array();
		$room    = 0;
		foreach ( $rows as $row ) {
			$row['items'] = $payload->items( $row );
			if ( array() === $row['items'] ) {
				$this->spool->deliver( $row, '' );
				continue;
			}
			$room -= count( $row['items'] );
			if ( $room < 0 ) {
				$batches[] = array();
				$room      = self::MAX_ITEMS - count( $row['items'] );
			}
			$batches[ count( $batches ) - 1 ][] = $row;
		}
		return $batches;
	}

	/**
	 * Sends one batch.
	 *
	 * @return bool Whether it makes sense to go on.
	 */
	private function send( Connection $connection, Payload $payload, array $rows ): bool {
		$answer = $this->client->batch(
			$connection,
			$payload->path(),
			array_merge( ...array_map( 'array_values', array_column( $rows, 'items' ) ) )
		);

		if ( 200 === $answer->status && isset( $answer->json['results'] ) && is_array( $answer->json['results'] ) ) {
			$this->record_results( $payload, $rows, array_values( $answer->json['results'] ) );
			return true;
		}
		$reason = ( $this->explain )( $answer, $connection->host() );
		if ( 'clock_skew' !== $answer->code() && in_array( $answer->status, self::SHUT_OUT, true ) ) {
			$this->settings->pause( $reason );
			$this->spool->release( $rows );
			return false;
		}
		$is_refused = self::is_refusal( $answer->status, $answer->code() );
		if ( $is_refused || ( 500 === $answer->status && $rows[0]['attempts'] > self::MAX_ATTEMPTS ) ) {
			$said = Answer::reason( $answer->json );
			return $this->narrow_down( $connection, $payload, $rows, $is_refused, '' === $said ? $reason : $said );
		}

		// The gateway is down; the row is fine. All rows wait, so that the order is kept.
		$wait = max( $answer->retry_after(), Spool::delay( (int) $rows[0]['attempts'] ) );
		$this->settings->hold( $wait );
		$this->spool->postpone_all( $rows, $reason, $wait );
		return false;
	}

	/**
	 * A batch was refused as a whole: finds the bad row by sending the halves.
	 */
	private function narrow_down( Connection $connection, Payload $payload, array $rows, bool $is_refused, string $reason ): bool {
		if ( 1 === count( $rows ) ) {
			$is_refused ? $this->spool->reject( $rows[0], $reason ) : $this->spool->postpone( $rows[0], $reason );
			return true;
		}
		$go_on = true;
		foreach ( array_chunk( $rows, (int) ceil( count( $rows ) / 2 ) ) as $half ) {
			if ( $go_on && time() < $this->end ) {
				$go_on = $this->send( $connection, $payload, $half );
			} else {
				$this->spool->release( $half );
				$go_on = false;
			}
		}
		return $go_on;
	}

	/**
	 * Records the result of each item.
	 *
	 * @param Payload   $payload What the rows carry.
	 * @param array[] $rows    The rows sent.
	 * @param array[] $results The gateway's result for each item, in the same order. The key is missing where it could not read the item.
	 */
	private function record_results( Payload $payload, array $rows, array $results ): void {
		$next = 0;
		foreach ( $rows as $row ) {
			$own = array();
			foreach ( array_keys( $row['items'] ) as $key ) {
				$result      = (array) ( $results[ $next++ ] ?? array() );
				$own[ $key ] = in_array( $result['key'] ?? null, array( null, (string) $key ), true ) ? $result : array();
			}
			$this->record_result( $row, $payload->handle_results( $row, $own ) );
		}
	}

	/**
	 * Records the result of a row. If an item must be sent again, the whole row waits; else if one was refused, the row is rejected.
	 */
	private function record_result( array $row, array $results ): void {
		$is_taken   = static fn( array $result ) => intdiv( (int) ( $result['status'] ?? 0 ), 100 ) === 2;
		$is_refused = static fn( array $result ) => self::is_refusal(
			(int) ( $result['status'] ?? 0 ),
			(string) ( $result['problem']['code'] ?? '' )
		);

		$open    = array_filter( $results, static fn( array $result ) => ! $is_taken( $result ) );
		$refused = array_filter( $open, $is_refused );
		$later   = array_diff_key( $open, $refused );
		if ( array() !== $later ) {
			$this->spool->postpone(
				$row,
				self::reason( reset( $later ), __( 'The gateway asks to try again later.', 'gateway-connector' ) )
			);
		} elseif ( array() !== $refused ) {
			$first = reset( $refused );
			/* translators: %d: HTTP status such as 422 */
			$text = __( 'The gateway rejected it with status %d.', 'gateway-connector' );
			$this->spool->reject( $row, self::reason( $first, sprintf( $text, $first['status'] ) ) );
		} else {
			$this->spool->deliver( $row, (string) ( reset( $results )['id'] ?? '' ) );
			++$this->delivered;
		}
	}

	/**
	 * What the gateway says of an item, or else a sentence of ours.
	 */
	private static function reason( array $result, string $otherwise ): string {
		$said = Answer::reason( (array) ( $result['problem'] ?? array() ) );
		return '' === $said ? $otherwise : $said;
	}

	private static function is_refusal( int $status, string $code ): bool {
		return $status >= 400 && $status < 500 && ! in_array( $status, self::PASSING, true ) && 'clock_skew' !== $code;
	}
}
