<?php
/**
 * The way into the spool.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Takes submissions in. The site's own code may change or refuse them before they are stored.
 */
final class Intake {

	/**
	 * The action that hands in a submission. The filter needs another name, because to WordPress an action and a filter with the
	 * same name are the same hook.
	 */
	private const ACTION = 'gateway_connector_submission';
	private const FILTER = 'gateway_connector_filter_submission';

	/**
	 * The form's id at the gateway when code hands in a submission without a form.
	 */
	public const NO_FORM = 'code';

	private Spool $spool;

	public function __construct( Spool $spool ) {
		$this->spool = $spool;
	}

	public function register(): void {
		add_action( self::ACTION, array( $this, 'take_from_action' ) );
	}

	/**
	 * Keeps a submission for the gateway, unless the filter refuses it.
	 *
	 * @param array                  $submission The submission, as the gateway's API describes it, without its key.
	 * @param WPCF7_ContactForm|null $form       The form of Contact Form 7; null when it came from elsewhere.
	 * @return bool Whether all is well: it was kept, or it was not wanted.
	 */
	public function take( array $submission, ?WPCF7_ContactForm $form = null ): bool {
		/**
		 * Changes what the gateway will get, before it is stored. Return false to hand over nothing.
		 *
		 * @param array|false            $submission The submission.
		 * @param WPCF7_ContactForm|null $form       The form of Contact Form 7; null when it came from elsewhere.
		 */
		$submission = apply_filters( self::FILTER, $submission, $form );
		if ( ! is_array( $submission ) ) {
			return true;
		}
		if ( isset( $submission['form'] ) && is_array( $submission['form'] ) && is_string( $submission['form']['title'] ?? null ) ) {
			$submission['form']['title'] = Plain_Text::decode( $submission['form']['title'] );
		}
		$left_out = array();
		$fitting  = Submission_Limits::fit( $submission, $left_out );
		if ( array() !== $left_out ) {
			// Names of fields are the site's own words; the values are not told.
			Log::note( sprintf( 'left out of a submission, which is too large for the gateway: %s', implode( ', ', $left_out ) ) );
		}
		return $this->spool->add( $form ? (int) $form->id() : 0, self::with_objects( $fitting ) );
	}

	/**
	 * Completes what code handed in, so that the code needs to pass only what it knows.
	 */
	public function take_from_code( array $submission ): bool {
		$submission += array( 'submittedAt' => gmdate( 'Y-m-d\TH:i:s\Z' ) );

		$submission['form'] = (array) ( $submission['form'] ?? array() ) + array(
			'id'     => self::NO_FORM,
			'title'  => get_bloginfo( 'name' ),
			'url'    => home_url( '/' ),
			'locale' => determine_locale(),
		);
		return $this->take( $submission );
	}

	/**
	 * What do_action( 'gateway_connector_submission', array( … ) ) hands in. An action cannot answer, so a failure goes to the log.
	 *
	 * @param mixed $submission The submission, as for gateway_connector_submit().
	 */
	public function take_from_action( $submission ): void {
		if ( ! is_array( $submission ) ) {
			_doing_it_wrong( 'gateway_connector_submission', 'The action gateway_connector_submission takes an array.', '0.1.0' );
		} elseif ( ! $this->take_from_code( $submission ) ) {
			Log::note( 'a submission of the action gateway_connector_submission could not be stored.' );
		}
	}

	/**
	 * JSON knows objects and lists; an empty array of PHP would become a list.
	 */
	private static function with_objects( array $submission ): array {
		$submission['fields'] = (object) ( $submission['fields'] ?? array() );
		foreach ( array_keys( (array) ( $submission['subscribe'] ?? array() ) ) as $index ) {
			$submission['subscribe'][ $index ]['properties'] = (object) ( $submission['subscribe'][ $index ]['properties'] ?? array() );
		}
		return $submission;
	}
}
