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
	 * @return int How many submissions the gateway took.
	 */
	public function run(): int {
		$this->delivered = 0;
		$this->end       = time() + self::TIME_BUDGET;
		$this->spool->purge( $this->settings->retention() );
		$connection = $this->settings->connection();
		if ( $connection instanceof Connection ) {
			while ( time() < $this->end && $this->settings->may_send() ) {
				$rows = $this->spool->claim( self::BATCH_ITEMS, self::BATCH_BYTES );
				if ( array() === $rows || ! $this->send( $connection, $rows ) ) {
					break;
				}
			}
		}
		return $this->delivered;
	}

	/**
	 * Sends one batch.
	 *
	 * @return bool Whether it makes sense to go on.
	 */
	private function send( Connection $connection, array $rows ): bool {
		$answer = $this->client->submit( $connection, array_column( $rows, 'payload' ) );

		if ( 200 === $answer->status && isset( $answer->json['results'] ) && is_array( $answer->json['results'] ) ) {
			$this->settle( $rows, array_values( $answer->json['results'] ) );
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
			return $this->narrow_down( $connection, $rows, $is_refused, Answer::reason( $answer->json ) ?: $reason );
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
	private function narrow_down( Connection $connection, array $rows, bool $is_refused, string $reason ): bool {
		if ( 1 === count( $rows ) ) {
			$is_refused ? $this->spool->park( $rows[0], $reason ) : $this->spool->postpone( $rows[0], $reason );
			return true;
		}
		$go_on = true;
		foreach ( array_chunk( $rows, (int) ceil( count( $rows ) / 2 ) ) as $half ) {
			if ( $go_on && time() < $this->end ) {
				$go_on = $this->send( $connection, $half );
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
	 * @param array[] $rows    The rows sent.
	 * @param array[] $results What the gateway said to each, in the same order. The key is missing where it could not read the item.
	 */
	private function settle( array $rows, array $results ): void {
		foreach ( $rows as $index => $row ) {
			$result  = (array) ( $results[ $index ] ?? array() );
			$belongs = in_array( $result['key'] ?? null, array( null, $row['submission_key'] ), true );
			$this->settle_one( $row, $belongs ? $result : array() );
		}
	}

	private function settle_one( array $row, array $result ): void {
		$status = (int) ( $result['status'] ?? 0 );
		$reason = Answer::reason( (array) ( $result['problem'] ?? array() ) );
		if ( $status >= 200 && $status < 300 ) {
			$this->spool->deliver( $row, (string) ( $result['id'] ?? '' ) );
			++$this->delivered;
		} elseif ( self::is_refusal( $status, (string) ( $result['problem']['code'] ?? '' ) ) ) {
			/* translators: %d: HTTP status such as 422 */
			$this->spool->park( $row, $reason ?: sprintf( __( 'The gateway refused it with status %d.', 'gateway-connector' ), $status ) );
		} else {
			$this->spool->postpone( $row, $reason ?: __( 'The gateway asks to try again later.', 'gateway-connector' ) );
		}
	}

	private static function is_refusal( int $status, string $code ): bool {
		return $status >= 400 && $status < 500 && ! in_array( $status, self::PASSING, true ) && 'clock_skew' !== $code;
	}
}
