<?php
/**
 * What the tab in the form editor looks like.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Prints the tab. It works without script.
 */
final class Form_Panel_View {

	private const EMPTY_ROWS = 2;

	private WPCF7_ContactForm $form;

	private Form_Settings $settings;

	/**
	 * Names of the lists by id; null when they are not known.
	 *
	 * @var array<string,string>|null
	 */
	private ?array $lists;

	private bool $connected;

	/**
	 * What the tab shows.
	 *
	 * @param WPCF7_ContactForm         $form      The form.
	 * @param Form_Settings             $settings  Its settings, or a suggestion.
	 * @param array<string,string>|null $lists     Names of the lists by id; null when they are not known.
	 * @param bool                      $connected Whether the site is connected.
	 */
	public function __construct( WPCF7_ContactForm $form, Form_Settings $settings, ?array $lists, bool $connected ) {
		$this->form      = $form;
		$this->settings  = $settings;
		$this->lists     = $lists;
		$this->connected = $connected;
	}

	public function print(): void {
		$chosen = $this->settings->subscriptions[0];
		$boxes  = Consent::labels( $this->form );
		$fields = Form_Fields::labels( $this->form );
		$works  = $this->settings->without_missing( $this->form, $this->lists );
		printf(
			'<div class="gateway-connector-panel gateway-connector-%s" data-not-found="%s">',
			esc_attr( Form_Summary::situation( $works ) ),
			esc_attr( Panel_Controls::not_found() )
		);
		?>
		<h2><?php esc_html_e( 'Gateway', 'gateway-connector' ); ?></h2>
		<input type="hidden" name="<?php echo esc_attr( Form_Panel::MARKER ); ?>"
			value="<?php echo esc_attr( wp_create_nonce( Form_Panel::MARKER ) ); ?>" />
		<?php
		$this->print_warnings();
		$this->print_summary( $works, $boxes );
		?>
		<p><label>
			<input type="checkbox" name="<?php echo esc_attr( Panel_Controls::name( 'enabled' ) ); ?>" value="1"
				<?php checked( $this->settings->enabled ); ?> />
			<?php esc_html_e( 'Send this form’s submissions to the gateway', 'gateway-connector' ); ?>
		</label></p>
		<?php $this->print_purpose(); ?>
		<table class="form-table gateway-connector-subscribing" role="presentation"><tbody>
		<?php
		( new Form_Panel_Lists( $this->lists, $this->connected, $boxes ) )->print( $this->settings->subscriptions );
		$field = array( 'data-holds' => 'field' ); // The script offers fields there, as the form's text changes.
		$email = $field + array( 'data-missing' => Form_Summary::choices()['email'] );
		Panel_Controls::menu_row( 'email', __( 'Email field', 'gateway-connector' ), $chosen->email, $fields, '', $email );
		Panel_Controls::menu_row(
			'name',
			__( 'Name field', 'gateway-connector' ),
			$chosen->name,
			$fields,
			__( 'Optional.', 'gateway-connector' ),
			$field
		);
		$this->print_properties( $chosen, $fields );
		$this->print_language();
		$this->print_mailbox();
		$help = __( 'Address of the policy that applies; kept with the consent.', 'gateway-connector' );
		Panel_Controls::text_row( 'policy_url', __( 'Privacy policy', 'gateway-connector' ), 'url', $chosen->policy_url, $help );
		$help = __( 'For example its date. Change it whenever the policy changes.', 'gateway-connector' );
		Panel_Controls::text_row( 'policy_version', __( 'Policy version', 'gateway-connector' ), 'text', $chosen->policy_version, $help );
		?>
		</tbody></table>
		</div>
		<?php
	}

	/**
	 * The warnings, and the words with which the script warns while the form's text changes.
	 */
	private function print_warnings(): void {
		$warnings = Form_Check::warnings( $this->form, $this->settings, $this->lists );
		if ( ! $this->connected ) {
			$warnings[] = __( 'This site is not connected to a gateway yet. Submissions wait here until it is.', 'gateway-connector' );
		}
		printf( '<div class="gateway-connector-warnings" aria-live="polite" data-vanished="%s">', esc_attr( Form_Check::vanished() ) );
		foreach ( $warnings as $warning ) {
			printf( '<div class="notice notice-warning inline"><p>%s</p></div>', esc_html( $warning ) );
		}
		echo '</div>';
	}

	private function print_summary( Form_Settings $works, array $boxes ): void {
		$sentence = Form_Summary::of( $works, (array) $this->lists, $boxes, self::language( $works->language ) );
		echo '<p class="gateway-connector-summary" aria-live="polite"';
		foreach ( Form_Summary::sentences() as $situation => $template ) {
			printf( ' data-%s="%s"', esc_attr( $situation ), esc_attr( $template ) );
		}
		echo '>' . esc_html( $sentence ) . '</p>';
	}

	private function print_purpose(): void {
		$purposes = array(
			'subscribe'     => __(
				'Newsletter: people who tick a box get a confirmation email, and then join a list',
				'gateway-connector'
			),
			'transactional' => __(
				'Transactional, such as orders and enquiries: no consent needed, and nobody is subscribed',
				'gateway-connector'
			),
		);
		printf(
			'<fieldset class="gateway-connector-purpose"><legend class="screen-reader-text">%s</legend>',
			esc_html__( 'Purpose', 'gateway-connector' )
		);
		foreach ( $purposes as $purpose => $label ) {
			printf(
				'<label><input type="radio" name="%s" value="%s" %s /> %s</label>',
				esc_attr( Panel_Controls::name( 'purpose' ) ),
				esc_attr( $purpose ),
				checked( $this->settings->transactional, 'transactional' === $purpose, false ),
				esc_html( $label )
			);
		}
		echo '</fieldset>';
	}

	private function print_properties( Subscription $chosen, array $fields ): void {
		$rows = array_merge(
			array_map( 'array_values', Property_Names::rows( $chosen->properties, $chosen->unfit_properties ) ),
			array_fill( 0, self::EMPTY_ROWS, array( '', '' ) )
		);
		?>
		<tr>
			<th scope="row"><?php esc_html_e( 'Contact properties', 'gateway-connector' ); ?></th>
			<td>
				<div class="gateway-connector-properties">
				<?php
				foreach ( $rows as $index => list( $property, $field ) ) {
					$this->print_property( $index, $property, $field, $fields );
				}
				?>
				</div>
				<p class="description">
					<?php
					esc_html_e(
						'What else the gateway keeps about the person, for example to choose what they get.',
						'gateway-connector'
					);
					?>
				</p>
				<p><button type="button" class="button gateway-connector-add" hidden>
					<?php esc_html_e( 'Add a property', 'gateway-connector' ); ?>
				</button></p>
			</td>
		</tr>
		<?php
	}

	private function print_property( int $index, string $property, string $field, array $fields ): void {
		printf(
			'<p class="gateway-connector-property">'
				. '<input type="text" name="%s" value="%s" placeholder="%s" aria-label="%s" maxlength="%d" /> ← ',
			esc_attr( Panel_Controls::name( 'properties', $index, 'name' ) ),
			esc_attr( $property ),
			esc_attr__( 'Property, e.g. city', 'gateway-connector' ),
			esc_attr__( 'Property', 'gateway-connector' ),
			(int) Property_Names::MAX_LENGTH
		);
		$attributes = array(
			'name'       => Panel_Controls::name( 'properties', $index, 'field' ),
			'aria-label' => __( 'Field', 'gateway-connector' ),
			'data-holds' => 'field',
		);
		Panel_Controls::menu( $attributes, $field, $fields );
		echo '</p>';
	}

	private function print_language(): void {
		$options = array( '' => __( 'Same as the page', 'gateway-connector' ) ) + Languages::names();
		$help    = __( 'For the confirmation email and the pages that it links to.', 'gateway-connector' );
		Panel_Controls::menu_row(
			'language',
			__( 'Language', 'gateway-connector' ),
			$this->settings->language,
			$options,
			$help,
			array( 'data-own' => self::language( '' ) )
		);
	}

	/**
	 * What people read after they sent the form. Without a text of the owner's, ours stands in the field as its placeholder.
	 */
	private function print_mailbox(): void {
		?>
		<tr>
			<th scope="row"><?php esc_html_e( 'After sending', 'gateway-connector' ); ?></th>
			<td>
				<p><label>
					<input type="checkbox" name="<?php echo esc_attr( Panel_Controls::name( 'says_mailbox' ) ); ?>" value="1"
						<?php checked( $this->settings->says_mailbox ); ?> />
					<?php esc_html_e( 'Tell people who ticked a box to look into their mailbox', 'gateway-connector' ); ?>
				</label></p>
				<p class="description">
					<?php
					esc_html_e( 'The sentence follows the form’s own message, in the language of the page.', 'gateway-connector' );
					?>
				</p>
				<details>
					<summary><?php esc_html_e( 'Change the sentence', 'gateway-connector' ); ?></summary>
					<?php
					foreach ( Languages::names() as $code => $name ) {
						printf(
							'<p><label>%s<br /><input type="text" class="large-text" lang="%s" name="%s" value="%s"'
								. ' placeholder="%s" maxlength="500" /></label></p>',
							esc_html( $name ),
							esc_attr( $code ),
							esc_attr( Panel_Controls::name( 'mailbox_texts', $code ) ),
							esc_attr( $this->settings->mailbox_texts[ $code ] ?? '' ),
							esc_attr( Mailbox_Message::ours( $code ) )
						);
					}
					?>
				</details>
			</td>
		</tr>
		<?php
	}

	/**
	 * The language of the emails in words.
	 */
	private static function language( string $chosen ): string {
		return '' === $chosen ? __( 'the page’s language', 'gateway-connector' ) : Languages::name( $chosen );
	}
}
