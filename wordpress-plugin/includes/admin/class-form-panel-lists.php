<?php
/**
 * The lists in the tab of the form editor.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Prints the row with the mailing lists, each with the box that is the consent to it. To a form of Contact Form 7 it offers a box.
 */
final class Form_Panel_Lists {

	/**
	 * Names of the lists by id; null when they are not known.
	 *
	 * @var array<string,string>|null
	 */
	private ?array $lists;

	private bool $connected;

	/**
	 * Wordings of the boxes by name.
	 *
	 * @var array<string,string>
	 */
	private array $boxes;

	/**
	 * Whether the form takes form-tags, which our box is.
	 */
	private bool $takes_tags;

	public function __construct( ?array $lists, bool $connected, array $boxes, bool $takes_tags ) {
		$this->lists      = $lists;
		$this->connected  = $connected;
		$this->boxes      = $boxes;
		$this->takes_tags = $takes_tags;
	}

	/**
	 * Prints the row. Without script there is one more list to choose; the script hides it until somebody wants it.
	 *
	 * @param Subscription[] $chosen The lists.
	 */
	public function print( array $chosen ): void {
		echo '<tr><th scope="row">' . esc_html__( 'Lists', 'gateway-connector' ) . '</th><td><div class="gateway-connector-lists">';
		foreach ( $chosen as $index => $subscription ) {
			$this->print_list( $index, $subscription );
		}
		$this->print_list( count( $chosen ), new Subscription(), 'gateway-connector-spare' );
		echo '</div>';
		printf(
			'<p><button type="button" class="button gateway-connector-add-list" hidden>%s</button> ',
			esc_html__( 'Add a list', 'gateway-connector' )
		);
		echo wp_kses_post( $this->list_help() ) . '</p>';
		if ( $this->takes_tags ) {
			$this->print_box_code();
		} elseif ( array() === $this->boxes ) {
			printf(
				'<p class="description">%s</p>',
				esc_html__( 'The form has no box to tick. Add one where you edit the form: its text is the proof.', 'gateway-connector' )
			);
		}
		echo '</td></tr>';
	}

	private function print_list( int $index, Subscription $subscription, string $css_class = '' ): void {
		// While the names are unknown, the id must not look like a list that no longer exists.
		$lists = $this->lists ?? array_filter( array( $subscription->list => $subscription->list ), 'strlen' );
		/* translators: %d: number of a list in a form */
		$legend = sprintf( __( 'List %d', 'gateway-connector' ), $index + 1 );
		printf(
			'<fieldset class="gateway-connector-list %s"><legend class="screen-reader-text">%s</legend>',
			esc_attr( $css_class ),
			esc_html( $legend )
		);
		$this->print_choice( $index, 'list', __( 'Mailing list', 'gateway-connector' ), $subscription->list, $lists );
		$this->print_choice( $index, 'consent', __( 'Consent box', 'gateway-connector' ), $subscription->consent, $this->boxes );
		printf(
			'<button type="button" class="button-link gateway-connector-remove" hidden>%s</button></fieldset>',
			esc_html__( 'Remove this list', 'gateway-connector' )
		);
	}

	private function print_choice( int $index, string $member, string $label, string $current, array $options ): void {
		printf( '<label>%s ', esc_html( $label ) );
		Panel_Controls::menu(
			array(
				'name'         => Panel_Controls::name( 'lists', $index, $member ),
				'data-member'  => $member,
				'data-missing' => Form_Summary::choices()[ $member ],
			),
			$current,
			$options
		);
		echo '</label>';
	}

	private function list_help(): string {
		$link = static fn( string $url, string $text ) => sprintf( '<a href="%s">%s</a>', esc_url( $url ), esc_html( $text ) );
		if ( ! $this->connected ) {
			return $link( Settings_Page::url(), __( 'Connect this site to a gateway', 'gateway-connector' ) );
		}
		// The script asks without leaving the page, on which there may be text that is not saved.
		$refresh = sprintf(
			'<a href="%s" class="gateway-connector-refresh" target="_blank">%s</a>'
				. ' <span class="gateway-connector-refreshed" role="status"></span>',
			esc_url( Settings_Page::refresh_url() ),
			esc_html__( 'Refresh the lists', 'gateway-connector' )
		);
		return null === $this->lists ? esc_html__( 'The gateway did not answer.', 'gateway-connector' ) . ' ' . $refresh : $refresh;
	}

	/**
	 * The form-tag to copy, or to insert with a button.
	 */
	private function print_box_code(): void {
		$number = 1;
		while ( isset( $this->boxes[ "newsletter-{$number}" ] ) ) {
			++$number;
		}
		$tag = Newsletter_Tag::code( $number );
		?>
		<div class="gateway-connector-box">
			<?php
			$help = array(
				'none' => __(
					'The form has no consent box yet. Insert this one. Its text is kept as proof of what people agreed to.',
					'gateway-connector'
				),
				'some' => __(
					'The text beside the box is kept as proof of what people agreed to. Another box for the form:',
					'gateway-connector'
				),
			);
			printf(
				'<p class="description gateway-connector-box-help" data-none="%s" data-some="%s">%s</p>',
				esc_attr( $help['none'] ),
				esc_attr( $help['some'] ),
				esc_html( $help[ array() === $this->boxes ? 'none' : 'some' ] )
			);
			?>
			<p>
				<input type="text" class="code gateway-connector-code" readonly value="<?php echo esc_attr( $tag ); ?>"
					aria-label="<?php esc_attr_e( 'Form-tag of a box', 'gateway-connector' ); ?>" />
				<button type="button" class="button gateway-connector-insert" hidden>
					<?php esc_html_e( 'Insert into the form', 'gateway-connector' ); ?>
				</button>
				<button type="button" class="button gateway-connector-copy" hidden>
					<?php esc_html_e( 'Copy', 'gateway-connector' ); ?>
				</button>
				<span class="gateway-connector-said" role="status"
					data-inserted="<?php esc_attr_e( 'It is in the form now. Save to keep it.', 'gateway-connector' ); ?>"
					data-chosen="<?php esc_attr_e( 'It is in the form now and chosen here. Save to keep both.', 'gateway-connector' ); ?>"
					data-copied="<?php esc_attr_e( 'Copied.', 'gateway-connector' ); ?>"></span>
			</p>
		</div>
		<?php
	}
}
