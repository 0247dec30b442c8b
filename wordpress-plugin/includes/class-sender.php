<?php
/**
 * Sends the spool to the gateway.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Hands waiting submissions over in batches and notes what became of each. May run at any time, also beside itself.
 */
final class Sender {

	public const BATCH_ITEMS = 50;
	public const BATCH_BYTES = 3 * MB_IN_BYTES;

	/**
	 * What the gateway takes at most; a row may have several items.
	 */
	private const MOST_ITEMS = 100;

	/**
	 * Nothing new is asked after this many seconds. With the time that the last request may take, a run stays near
	 * twenty seconds and ends before hosts end it.
	 */
	private const TIME_BUDGET = 15;

	/**
	 * Statuses in the 400s that pass by themselves. All others mean: the gateway will never take this as it is.
	 */
	private const PASSING = array( 408, 425, 429 );

	/**
	 * Statuses of a whole request that mean: the gateway will take nothing from us until a person has looked.
	 */
	private const SHUT_OUT = array( 401, 403, 404, 405, 407, 410 );

	/**
	 * Attempts after which status 500 is blamed on a row and no longer on the gateway, so that no row blocks the others for ever.
	 */
	private const PATIENCE = 5;

	private Settings $settings;

	private Spool $spool;

	private Gateway_Client $client;

	/**
	 * When this run ends.
	 */
	private int $end = 0;

	private int $delivered = 0;

	public function __construct( Settings $settings, Spool $spool, Gateway_Client $client ) {
		$this->settings = $settings;
		$this->spool    = $spool;
		$this->client   = $client;
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
		$this->spool->purge( $this->settings->retention() );
		$connection = $this->settings->connection();
		if ( $connection instanceof Connection ) {
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
		foreach ( array( new Submission_Cargo(), new User_Cargo() ) as $cargo ) {
			$mine = array_filter( $rows, static fn( array $row ) => ( (int) $row['user_id'] > 0 ) === $cargo instanceof User_Cargo );
			foreach ( $this->batches( $cargo, $mine ) as $batch ) {
				if ( $go_on ) {
					$go_on = $this->send( $connection, $cargo, $batch );
				} else {
					$this->spool->release( $batch );
				}
			}
		}
		return $go_on;
	}

	/**
	 * Looks up what the rows have to say, and groups them into batches that the gateway takes. Rows with nothing left to say are done.
	 */
	private function batches( Cargo $cargo, array $rows ): array {
		$batches = array();
		$room    = 0;
		foreach ( $rows as $row ) {
			$row['items'] = $cargo->items( $row );
			if ( array() === $row['items'] ) {
				$this->spool->deliver( $row, '' );
				continue;
			}
			$room -= count( $row['items'] );
			if ( $room < 0 ) {
				$batches[] = array();
				$room      = self::MOST_ITEMS - count( $row['items'] );
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
	private function send( Connection $connection, Cargo $cargo, array $rows ): bool {
		$answer = $this->client->batch( $connection, $cargo->path(), array_merge( ...array_map( 'array_values', array_column( $rows, 'items' ) ) ) );

		if ( 200 === $answer->status && isset( $answer->json['results'] ) && is_array( $answer->json['results'] ) ) {
			$this->settle( $cargo, $rows, array_values( $answer->json['results'] ) );
			return true;
		}
		$reason = Explanation::of( $answer, $connection->host() );
		if ( 'clock_skew' !== $answer->code() && in_array( $answer->status, self::SHUT_OUT, true ) ) {
			$this->settings->pause( $reason );
			$this->spool->release( $rows );
			return false;
		}
		$is_refused = self::is_refusal( $answer->status, $answer->code() );
		if ( $is_refused || ( 500 === $answer->status && $rows[0]['attempts'] > self::PATIENCE ) ) {
			return $this->narrow_down( $connection, $cargo, $rows, $is_refused, Answer::reason( $answer->json ) ?: $reason );
		}

		// The gateway is down, not the row bad: all wait, so that none overtakes another.
		$wait = max( $answer->retry_after(), Spool::delay( (int) $rows[0]['attempts'] ) );
		$this->settings->hold( $wait );
		$this->spool->postpone_all( $rows, $reason, $wait );
		return false;
	}

	/**
	 * A batch was refused as a whole: finds the row that is to blame by sending the halves.
	 */
	private function narrow_down( Connection $connection, Cargo $cargo, array $rows, bool $is_refused, string $reason ): bool {
		if ( 1 === count( $rows ) ) {
			$is_refused ? $this->spool->park( $rows[0], $reason ) : $this->spool->postpone( $rows[0], $reason );
			return true;
		}
		$go_on = true;
		foreach ( array_chunk( $rows, (int) ceil( count( $rows ) / 2 ) ) as $half ) {
			if ( $go_on && time() < $this->end ) {
				$go_on = $this->send( $connection, $cargo, $half );
			} else {
				$this->spool->release( $half );
				$go_on = false;
			}
		}
		return $go_on;
	}

	/**
	 * Notes the result of each item.
	 *
	 * @param Cargo   $cargo   What the rows carry.
	 * @param array[] $rows    The rows sent.
	 * @param array[] $results What the gateway said to each item, in the same order. The key is missing where it could not read the item.
	 */
	private function settle( Cargo $cargo, array $rows, array $results ): void {
		$next = 0;
		foreach ( $rows as $row ) {
			$said = array();
			foreach ( array_keys( $row['items'] ) as $key ) {
				$result       = (array) ( $results[ $next++ ] ?? array() );
				$said[ $key ] = in_array( $result['key'] ?? null, array( null, (string) $key ), true ) ? $result : array();
			}
			$this->settle_one( $row, $cargo->hear( $row, $said ) );
		}
	}

	/**
	 * Of several items, one that is to be tried again decides, then one that was refused.
	 */
	private function settle_one( array $row, array $results ): void {
		$is_taken   = static fn( array $result ) => intdiv( (int) ( $result['status'] ?? 0 ), 100 ) === 2;
		$is_refused = static fn( array $result ) => self::is_refusal( (int) ( $result['status'] ?? 0 ), (string) ( $result['problem']['code'] ?? '' ) );

		$left    = array_filter( $results, static fn( array $result ) => ! $is_taken( $result ) );
		$refused = array_filter( $left, $is_refused );
		$later   = array_diff_key( $left, $refused );
		if ( array() !== $later ) {
			$this->spool->postpone( $row, self::reason( reset( $later ) ) ?: __( 'The gateway asks to try again later.', 'gateway-connector' ) );
		} elseif ( array() !== $refused ) {
			$first = reset( $refused );
			/* translators: %d: HTTP status such as 422 */
			$this->spool->park( $row, self::reason( $first ) ?: sprintf( __( 'The gateway refused it with status %d.', 'gateway-connector' ), $first['status'] ) );
		} else {
			$this->spool->deliver( $row, (string) ( reset( $results )['id'] ?? '' ) );
			++$this->delivered;
		}
	}

	private static function reason( array $result ): string {
		return Answer::reason( (array) ( $result['problem'] ?? array() ) );
	}

	private static function is_refusal( int $status, string $code ): bool {
		return $status >= 400 && $status < 500 && ! in_array( $status, self::PASSING, true ) && 'clock_skew' !== $code;
	}
}
