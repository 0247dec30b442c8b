<?php
/**
 * Takes in what subscribe forms send.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Puts sign-ups of our own form into the spool. The form is posted to its own page: that works without JavaScript and with
 * the REST API turned off, and no cache answers a POST.
 */
final class Subscribe_Listener {

	public const FORM   = 'gateway-form';
	public const PLACE  = 'gateway-form-place';
	public const SCRIPT = 'gateway-script';
	public const EMAIL  = 'gateway-email';
	public const NAME   = 'gateway-name';
	public const BOX    = 'gateway-consent';

	private Intake $intake;

	/**
	 * What to say at places of this page, when a form was posted without script and must be shown again.
	 *
	 * @var array<string,string>
	 */
	private array $answers = array();

	public function __construct( Intake $intake ) {
		$this->intake = $intake;
	}

	public function register(): void {
		add_action( 'wp_loaded', array( $this, 'listen' ) );
	}

	/**
	 * Answers a form that was posted. A guest has no nonce, and a page from a cache could not have one. If somebody posts
	 * another person's address, that person only gets the mail that asks them.
	 */
	public function listen(): void {
		if ( ! Request::has( self::FORM ) ) {
			return;
		}
		nocache_headers();
		$posted = self::posted();
		$form   = Subscribe_Form::from_signed( $posted[ self::FORM ] ?? '' );
		$answer = $this->answer( $form, $posted );
		$place  = sanitize_key( $posted[ self::PLACE ] ?? '' );
		if ( isset( $posted[ self::SCRIPT ] ) ) {
			self::answer_script( $answer, $form );
		}
		if ( Subscribe_Answer::SENT === $answer ) {
			wp_safe_redirect( add_query_arg( $place, $answer, Visitor::server( 'REQUEST_URI' ) ) . '#' . $place, 303 );
			exit;
		}
		$this->answers[ $place ] = Subscribe_Answer::text( $answer, $form );
	}

	/**
	 * Whether the visitor comes back from sending the form at a place of the page.
	 */
	public function is_sent( string $place ): bool {
		return ! isset( $this->answers[ $place ] ) && Subscribe_Answer::SENT === Request::query( $place );
	}

	/**
	 * What is wrong with what was sent from a place of the page; empty when nothing is.
	 */
	public function complaint( string $place ): string {
		return $this->answers[ $place ] ?? '';
	}

	/**
	 * What the visitor typed, when the page comes back with a complaint.
	 */
	public function typed( string $place, string $field ): string {
		return isset( $this->answers[ $place ] ) ? self::posted()[ $field ] ?? '' : '';
	}

	/**
	 * What becomes of a form. A bot gets the same answer as a person. Only a fast one gets an error, because it may be a person whose
	 * browser fills in the form.
	 *
	 * @param Subscribe_Form|null  $form   The form; null when its signature is not ours.
	 * @param array<string,string> $posted What was posted.
	 */
	private function answer( ?Subscribe_Form $form, array $posted ): string {
		if ( ! $form ) {
			return Subscribe_Answer::STALE;
		}
		if ( Bot_Trap::is_sprung( $posted ) ) {
			return Subscribe_Answer::SENT;
		}
		if ( Bot_Trap::is_early( $posted ) ) {
			return Subscribe_Answer::EARLY;
		}
		$email = $posted[ self::EMAIL ] ?? '';
		if ( ! Email_Address::is_valid( $email ) ) {
			return Subscribe_Answer::EMAIL;
		}
		if ( ! isset( $posted[ self::BOX ] ) ) {
			return Subscribe_Answer::BOX;
		}
		if ( ! Visitor::may_sign_up() ) {
			return Subscribe_Answer::MANY;
		}
		$stored = $this->intake->take( Subscribe_Submission::from( $form, $email, $posted[ self::NAME ] ?? '' ) );
		return $stored ? Subscribe_Answer::SENT : Subscribe_Answer::LOST;
	}

	private static function answer_script( string $answer, ?Subscribe_Form $form ): void {
		header( 'Content-Type: application/json; charset=utf-8' );
		echo wp_json_encode(
			array(
				'sent'    => Subscribe_Answer::SENT === $answer,
				'message' => Subscribe_Answer::text( $answer, $form ),
				'field'   => Subscribe_Answer::field( $answer ),
			)
		);
		exit;
	}

	/**
	 * What was posted, texts only.
	 *
	 * @return array<string,string>
	 */
	private static function posted(): array {
		$posted = array_filter( Request::all(), 'is_string' );
		return array_map( static fn( string $text ) => trim( wp_kses_no_null( wp_check_invalid_utf8( $text ) ) ), $posted );
	}
}
