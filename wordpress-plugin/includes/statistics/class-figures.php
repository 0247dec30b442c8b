<?php
/**
 * Counts of a span of time.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * The figures in the gateway's last answer. Other members of the answer are ignored.
 */
final class Figures {

	/**
	 * When the gateway sent them; 0 when it never did.
	 */
	public int $at;

	/**
	 * Why there are no newer ones; empty when these are new enough.
	 */
	public string $problem;

	private array $json;

	public function __construct( array $json, int $at, string $problem ) {
		$this->json    = $json;
		$this->at      = $at;
		$this->problem = $problem;
	}

	/**
	 * Submissions that the gateway took in.
	 */
	public function accepted(): int {
		return self::count( self::part( $this->json, 'submissions' ), 'accepted' );
	}

	public function pending(): int {
		return self::count( self::part( $this->json, 'confirmations' ), 'pending' );
	}

	public function confirmed(): int {
		return self::count( self::part( $this->json, 'confirmations' ), 'confirmed' );
	}

	/**
	 * Such as "62.5 %"; a dash when nobody was asked.
	 */
	public function rate(): string {
		return self::percent( self::part( $this->json, 'confirmations' )['rate'] ?? null );
	}

	/**
	 * By form, the busiest first; the form is empty for what came from none.
	 *
	 * @return array<int,array{form:string,accepted:int,pending:int,confirmed:int,rate:string}>
	 */
	public function forms(): array {
		return array_map(
			static fn( array $row ): array => array(
				'form' => (string) ( $row['form'] ?? '' ),
				'rate' => self::percent( $row['rate'] ?? null ),
			) + self::counts( $row ),
			self::rows( $this->json, 'forms' )
		);
	}

	/**
	 * By day (UTC, such as 2026-11-23), oldest first.
	 *
	 * @return array<int,array{day:string,accepted:int,pending:int,confirmed:int}>
	 */
	public function days(): array {
		return array_map(
			static fn( array $row ): array => array( 'day' => (string) ( $row['day'] ?? '' ) ) + self::counts( $row ),
			self::rows( $this->json, 'days' )
		);
	}

	/**
	 * What failed at the gateway.
	 *
	 * @return array<int,array{kind:string,code:string,detail:string,count:int,at:int}> The time is 0 when it is not known.
	 */
	public function errors(): array {
		return array_map(
			static fn( array $row ): array => array(
				'kind'   => (string) ( $row['kind'] ?? '' ),
				'code'   => (string) ( $row['code'] ?? '' ),
				'detail' => (string) ( $row['detail'] ?? '' ),
				'count'  => self::count( $row, 'count' ),
				'at'     => (int) strtotime( (string) ( $row['lastAt'] ?? '' ) ),
			),
			self::rows( $this->json, 'errors' )
		);
	}

	/**
	 * What holds up all mails, SMS or list changes of the site at the moment, such as a mail server that refuses everything.
	 *
	 * @return array<int,array{connection:string,code:string,reason:string,since:int,waiting:int}> The connection is mail, lists or sms.
	 */
	public function problems(): array {
		return array_map(
			static fn( array $row ): array => array(
				'connection' => (string) ( $row['connection'] ?? '' ),
				'code'       => (string) ( $row['code'] ?? '' ),
				'reason'     => (string) ( $row['reason'] ?? '' ),
				'since'      => (int) strtotime( (string) ( $row['since'] ?? '' ) ),
				'waiting'    => self::count( $row, 'waiting' ),
			),
			self::rows( $this->json, 'problems' )
		);
	}

	/**
	 * What became of the site's emails; empty when the gateway does not say.
	 *
	 * @return array{}|array{sent:int,delivered:int,bounced:int,returned:int,complained:int,suppressed:array{bounced:int,complained:int}}
	 */
	public function mails(): array {
		$mails = self::part( $this->json, 'mails' );
		if ( array() === $mails ) {
			return array();
		}
		$counts = array();
		foreach ( array( 'sent', 'delivered', 'bounced', 'returned', 'complained' ) as $name ) {
			$counts[ $name ] = self::count( $mails, $name );
		}
		$suppressed = self::part( $mails, 'suppressed' );
		return $counts + array(
			'suppressed' => array(
				'bounced'    => self::count( $suppressed, 'bounced' ),
				'complained' => self::count( $suppressed, 'complained' ),
			),
		);
	}

	/**
	 * The share of emails that were called spam, such as "0.1 %"; words when there are too few to say.
	 */
	public function complaint_rate(): string {
		$share = self::part( $this->json, 'mails' )['complaintRate'] ?? null;
		return is_numeric( $share ) ? self::percent( $share, 2 ) : __( 'not enough data', 'gateway-connector' );
	}

	/**
	 * Limits of email providers that are reached now.
	 *
	 * @return array<int,array{sender:string,provider:string,measure:string,level:string,rate:float,limit:float,source:string}>
	 */
	public function limits(): array {
		return array_map(
			static fn( array $row ): array => array(
				'sender'   => (string) ( $row['sender'] ?? '' ),
				'provider' => (string) ( $row['provider'] ?? '' ),
				'measure'  => (string) ( $row['measure'] ?? '' ),
				'level'    => (string) ( $row['level'] ?? '' ),
				'rate'     => (float) ( $row['rate'] ?? 0 ),
				'limit'    => (float) ( $row['limit'] ?? 0 ),
				'source'   => (string) ( $row['source'] ?? '' ),
			),
			self::rows( self::part( $this->json, 'mails' ), 'thresholds' )
		);
	}

	private static function counts( array $row ): array {
		$counts = array();
		foreach ( array( 'accepted', 'pending', 'confirmed' ) as $name ) {
			$counts[ $name ] = self::count( $row, $name );
		}
		return $counts;
	}

	private static function count( array $row, string $name ): int {
		return max( 0, (int) ( $row[ $name ] ?? 0 ) );
	}

	private static function part( array $json, string $name ): array {
		return isset( $json[ $name ] ) && is_array( $json[ $name ] ) ? $json[ $name ] : array();
	}

	private static function rows( array $json, string $name ): array {
		return array_values( array_filter( self::part( $json, $name ), 'is_array' ) );
	}

	/**
	 * A share in words.
	 *
	 * @param mixed $share    From 0 to 1, or null.
	 * @param int   $decimals Digits after the point.
	 */
	private static function percent( $share, int $decimals = 1 ): string {
		if ( ! is_numeric( $share ) ) {
			return '—';
		}
		/* translators: %s: a number; the doubled percent sign becomes one */
		return sprintf( __( '%s %%', 'gateway-connector' ), number_format_i18n( 100 * $share, $decimals ) );
	}
}
